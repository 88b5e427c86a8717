"""The crontab line, the systemd units and the logrotate file in scripts/ do what they say with this program."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from program import OK, binary
from test_faults import FaultTest

SOURCE = Path(os.environ.get("COTERIE_SOURCE", Path(__file__).resolve().parents[2]))
SCRIPTS = SOURCE / "scripts"
INSTALLED = "/usr/local/bin/coterie"
KEY = "canary-key-77"


def crontab():
    """:return: the settings, and the five fields and the command of the one line that runs something"""
    lines = [line for line in (SCRIPTS / "coterie.cron").read_text().splitlines() if line and line[0] != "#"]
    settings = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]+=", line))
    lines = [line for line in lines if not re.match(r"[A-Z]+=", line)]
    assert len(lines) == 1, lines
    *fields, command = lines[0].split(None, 5)
    return settings, fields, command


def unit(name):
    """Section -> directive -> values of a unit file, in order."""
    sections, section = {}, None
    for line in (SCRIPTS / "systemd" / name).read_text().splitlines():
        if not line or line[0] in "#;":
            continue
        if line[0] == "[":
            section = sections.setdefault(line.strip("[]"), {})
        else:
            directive, _, value = line.partition("=")
            section.setdefault(directive, []).append(value)
    return sections


class CronFilesTest(FaultTest):
    """A study that the files' commands are run on."""

    def known_options(self):
        """Those of refresh, and those that every command takes."""
        told = self.run_program("refresh", "--help", expect=OK).out + self.run_program("--help", expect=OK).out
        return set(re.findall(r"--?[a-z][a-z-]*", told))

    def assert_options_exist(self, words):
        options = [word for word in words if word.startswith("-")]
        self.assertTrue(options)
        self.assertEqual(set(options) - self.known_options(), set())

    def refreshed(self, log):
        """The exits of the runs in the log."""
        return re.findall(r"event=refreshed .*exit=(\d+)", log.read_text())


class Crontab(CronFilesTest):
    """scripts/coterie.cron"""

    def test_fields(self):
        settings, fields, command = crontab()
        self.assertIn("MAILTO", settings)
        for field, highest in zip(fields, (59, 23, 31, 12, 7), strict=True):
            self.assertTrue(field == "*" or 0 <= int(field) <= highest, fields)
        self.assertNotIn("%", command, "cron makes line ends of them")
        words = shlex.split(command)
        self.assertEqual(words[0], "/usr/bin/timeout")
        self.assertEqual(words[words.index(INSTALLED) + 1], "refresh")
        self.assert_options_exist(words[words.index(INSTALLED) + 1:])
        self.assertTrue(words[-1].startswith("/"))

    def test_line_as_cron_runs_it(self):
        _, _, command = crontab()
        command = command.replace(INSTALLED, binary()).replace("/home/you/my-study", str(self.study_folder))
        command = command.replace("--jitter 600", "--jitter 1")
        for _ in range(2):
            done = subprocess.run(["/bin/sh", "-c", command], cwd="/", capture_output=True, text=True, check=False,
                                  env={"HOME": str(self.folder), "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"})
            self.assertEqual((done.returncode, done.stdout, done.stderr), (OK, "", ""))
        self.assertEqual(self.refreshed(self.study_folder.folder / "refresh.log"), ["0", "0"])
        self.assert_undisturbed()


class Systemd(CronFilesTest):
    """scripts/systemd/"""

    def command(self):
        return shlex.split(unit("coterie@.service")["Service"]["ExecStart"][0])

    def test_command_line(self):
        words = self.command()
        self.assertEqual(words[:2], [INSTALLED, "refresh"])
        self.assert_options_exist(words[1:])

    def test_command_as_systemd_runs_it(self):
        self.server.openalex.keys = {KEY}
        self.server.openalex.key_required = True
        service = unit("coterie@.service")["Service"]
        name, _ = service["LoadCredential"][0].split(":")
        credentials, state, logs = (self.folder / part for part in ("credentials", "lib", "log"))
        for folder in (credentials, state, logs / "coterie"):
            folder.mkdir(parents=True)
        (credentials / name).write_text(KEY + "\n")
        (credentials / name).chmod(0o400)
        (state / service["StateDirectory"][0]).symlink_to(self.study_folder.folder.parent)

        def filled(text):
            for specifier, value in (("%S", state), ("%L", logs), ("%i", self.study_folder.folder.name)):
                text = text.replace(specifier, str(value))
            return text
        environment = dict(filled(line).split("=", 1) for line in service["Environment"])
        environment["CREDENTIALS_DIRECTORY"] = str(credentials)
        words = [binary(), *map(filled, self.command()[1:])]
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False,
                              cwd=filled(service["WorkingDirectory"][0]))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (OK, "", ""))
        self.assertEqual(self.refreshed(logs / "coterie" / f"{self.study_folder.folder.name}.log"), ["0"])
        self.assertTrue((self.folder / ".state" / "coterie").is_dir(), "the pace is kept where the unit may write")
        self.assertFalse(any((self.folder / place).exists() for place in ("home", "state")))
        self.assert_undisturbed()

    def test_exit_codes_and_times(self):
        service = unit("coterie@.service")["Service"]
        self.assertEqual(service["SuccessExitStatus"], ["75 143"])
        self.assertEqual(service["Type"], ["oneshot"])
        self.assertIn("TimeoutStartSec", service)
        timer = unit("coterie@.timer")
        hour, minute = re.fullmatch(r"\*-\*-\* (\d\d):(\d\d):00 UTC", timer["Timer"]["OnCalendar"][0]).groups()
        spread = int(timer["Timer"]["RandomizedDelaySec"][0].removesuffix("m"))
        begin = int(hour) * 60 + int(minute)
        self.assertTrue(10 < begin and begin + spread < 23 * 60 + 50, "OpenAlex renews its allowance at midnight UTC")
        self.assertEqual(timer["Install"]["WantedBy"], ["timers.target"])

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd is not installed")
    def test_systemd_understands_and_finds_it_tight(self):
        with tempfile.TemporaryDirectory(prefix="coterie-test-") as folder:
            for path in (SCRIPTS / "systemd").iterdir():
                text = path.read_text().replace(INSTALLED, binary())
                text = re.sub("Documentation=.*\n", "", text)  # is looked up, and the manual is not installed
                Path(folder, path.name.replace("@", "@study")).write_text(text)
            service, timer = (str(Path(folder, f"coterie@study.{kind}")) for kind in ("service", "timer"))
            done = subprocess.run(["systemd-analyze", "verify", service, timer], capture_output=True, text=True,
                                  check=False)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
            # 10 is a service without any protection; the threshold is in tenths.
            done = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--threshold=20", service],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Logrotate(CronFilesTest):
    """scripts/coterie.logrotate"""

    @unittest.skipUnless(shutil.which("logrotate"), "logrotate is not installed")
    def test_rotation_between_two_runs_loses_nothing(self):
        logs = self.folder / "logs"
        logs.mkdir(mode=0o755)
        rules = (SCRIPTS / "coterie.logrotate").read_text().replace("/var/log/coterie", str(logs))
        rules = re.sub("    su .*\n", "", rules)
        file = self.folder / "rules"
        file.write_text(rules)
        file.chmod(0o644)
        log = logs / "study.log"
        self.run_program("refresh", self.study_folder, "--log-file", log, expect=OK)
        first = log.read_text()
        done = subprocess.run([shutil.which("logrotate"), "-f", "-s", self.folder / "rotated", file],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse(log.exists())
        self.run_program("refresh", self.study_folder, "--log-file", log, expect=OK)
        self.assertEqual(self.refreshed(log), ["0"])
        self.assertEqual((logs / "study.log.1").read_text(), first)


if __name__ == "__main__":
    unittest.main()
