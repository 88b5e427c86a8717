"""The process among others: signals, time limits, progress, the log, silence under cron, and the key nowhere."""

import fcntl
import os
import pty
import random
import re
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import threading
import time
import unittest
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from answer import html_answer, json_answer
from api_server import Fault, answer_fault, redirect_fault, status_fault
from program import CONFIGURATION, OK, TEMPORARY, UNAVAILABLE, binary
from test_faults import ALWAYS, FaultTest, is_works_list

CANARY = "canary/key+5f2e=Zq"  # holds what percent-encoding and JSON write in other ways
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
HOSTILE = 'broken\nts=2026-11-23T19:00:00Z level=info event=all_well \x1b]52;c;eA==\x07 \x9b31m \u202egpj.exe "quoted" \\'


def parsed(line):
    """The fields of a logfmt line. :raises AssertionError: if it is none"""
    fields, rest = {}, line
    while rest:
        match = re.match(r'([a-z_]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s"=\\]+))(?: |$)', rest)
        assert match, f"no logfmt at {rest!r} of {line!r}"
        assert match.group(1) not in fields, f"{match.group(1)} twice in {line!r}"
        quoted, plain = match.group(2), match.group(3)
        fields[match.group(1)] = re.sub(r"\\(.)", r"\1", quoted) if plain is None else plain
        rest = rest[match.end():]
    return fields


class ProcessTest(FaultTest):
    """A study whose works fill three pages, and a process that is watched."""

    def setUp(self):
        super().setUp()
        self.log = self.folder / "events.log"

    def begin(self, *arguments, key=None, ignored=()):
        """Starts the program with the signals' usual actions, whatever those of the test's own process are."""
        names = [f"--{'ignore' if number in ignored else 'default'}-signal={number.name[3:]}" for number in SIGNALS]
        return subprocess.Popen(["env", *names, binary(), *map(str, arguments)], env=self.environment(key),
                                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)

    def end(self, process, timeout=60):
        """:return: exit status, stderr, seconds it took to end"""
        begin = time.monotonic()
        _, err = process.communicate(timeout=timeout)
        return process.returncode, err.decode(), time.monotonic() - begin

    def begin_and_hold(self, command, *options, request=None, **more):
        """Starts the program and waits until its first list of works (or another request) is asked for, which then
        waits. :return: the process, and a function that lets the answer go"""
        reached, go_on = threading.Event(), threading.Event()
        self.addCleanup(go_on.set)

        def hold(_request):
            reached.set()
            go_on.wait(30)
        self.server.no_more_faults()
        self.server.forget()
        self.server.fault_when(request or is_works_list, Fault(before=hold))
        process = self.begin(command, self.study_folder, *options, **more)
        self.addCleanup(process.kill)
        self.assertTrue(reached.wait(20))
        return process, go_on.set

    def works_kept(self):
        with sqlite3.connect(f"file:{self.study_folder.dataset}?mode=ro", uri=True) as dataset:
            kept = dataset.execute("SELECT count(*) FROM work").fetchone()[0]
        dataset.close()
        return kept

    def logged(self):
        return [parsed(line) for line in self.log.read_text().splitlines()]

    def summaries(self):
        return [fields for fields in self.logged() if fields["event"] == "refreshed"]

    def is_published(self):
        return (self.study_folder.folder / "reports").exists()


class Signals(ProcessTest):
    """A run that is asked to end keeps what it has, says so, and the next one goes on."""

    def test_ends_after_the_page_under_way(self):
        for number in SIGNALS:
            with self.subTest(number.name):
                self.fresh_study(number.name)
                process, go_on = self.begin_and_hold("run")
                process.send_signal(number)
                time.sleep(0.1)
                go_on()
                status, err, seconds = self.end(process)
                self.assertEqual(status, 128 + number)
                self.assertLess(seconds, 4)
                self.assertTrue(err.endswith(
                    f"coterie: stopped by {number.name}: 2 of about 6 works of openalex are kept; "
                    "the next run goes on from here\n"), err)
                self.assertEqual(self.works_kept(), 2)
                self.assertFalse(self.is_published())
                self.assertEqual(len(self.server.works_requests()), 1)
                self.server.no_more_faults()
                self.server.forget()
                self.run_study(OK)
                self.assertNotEqual(self.server.works_requests()[0].query["cursor"], "*")
                self.assert_undisturbed()

    def test_at_any_moment(self):
        chance = random.Random(32)
        for number in (*SIGNALS, *SIGNALS):
            seconds = chance.uniform(0, 0.8)
            with self.subTest(f"{number.name} after {seconds:.3f} s"):
                self.fresh_study(f"{number.name}-{seconds}")
                process = self.begin("refresh", self.study_folder, "--log-file", self.log)
                time.sleep(seconds)
                process.send_signal(number)
                status, err, seconds = self.end(process)
                # Before the program has taken the signals over, their own action ends it; after its end nothing does.
                self.assertIn(status, (128 + number, -number, OK))
                self.assertLess(seconds, 4)
                if status == 128 + number:
                    self.assertRegex(err, rf"^coterie: stopped by {number.name}: .*\n$")
                    self.assertEqual(self.summaries()[-1]["exit"], str(128 + number))
                    self.assertFalse(self.is_published())
                self.run_study(OK)
                self.assert_undisturbed()

    def test_an_answer_that_does_not_come_is_waited_for_some_seconds(self):
        process, _ = self.begin_and_hold("refresh", "--log-file", self.log)
        process.terminate()
        status, err, seconds = self.end(process)
        self.assertEqual(status, 128 + signal.SIGTERM)
        self.assertTrue(4.5 < seconds < 9, seconds)
        self.assertIn(": 0 works of openalex are kept", err)
        self.assertEqual([line["exit"] for line in self.summaries()], ["143"])
        self.server.no_more_faults()
        self.run_study(OK)
        self.assert_undisturbed()

    def test_second_signal_ends_at_once(self):
        process, _ = self.begin_and_hold("run")
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        status, _, seconds = self.end(process)
        self.assertEqual(status, -signal.SIGINT)
        self.assertLess(seconds, 1)
        self.server.no_more_faults()
        self.run_study(OK)
        self.assert_undisturbed()

    def test_timeout_sends_its_signal_twice_and_means_it_once(self):
        process, go_on = self.begin_and_hold("run")
        process.terminate()
        process.terminate()
        time.sleep(0.2)
        go_on()
        status, err, _ = self.end(process)
        self.assertEqual(status, 128 + signal.SIGTERM)
        self.assertIn("stopped by SIGTERM", err)

    def test_ignored_signal_stays_ignored(self):
        process, go_on = self.begin_and_hold("run", ignored=(signal.SIGHUP,))
        process.send_signal(signal.SIGHUP)
        time.sleep(0.1)
        go_on()
        self.assertEqual(self.end(process)[0], OK)
        self.assert_undisturbed()

    def test_while_people_are_looked_up(self):
        process, go_on = self.begin_and_hold("run", request=lambda request: request.path.startswith("/authors"))
        process.terminate()
        time.sleep(0.1)
        go_on()
        status, err, _ = self.end(process)
        self.assertEqual(status, 128 + signal.SIGTERM)
        self.assertIn("stopped by SIGTERM", err)
        self.assertEqual(self.server.works_requests(), [])
        self.run_study(OK)
        self.assert_undisturbed()

    def test_while_waiting_for_the_source(self):
        self.server.fault_when(is_works_list, status_fault(503, retry_after=60, times=ALWAYS))
        process = self.begin("run", self.study_folder)
        end = time.monotonic() + 20
        while not self.server.works_requests() and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(0.3)
        self.assertIsNone(process.poll())
        process.terminate()
        status, _, seconds = self.end(process)
        self.assertEqual(status, 128 + signal.SIGTERM)
        self.assertLess(seconds, 2)

    def test_jitter_ends(self):
        process = self.begin("refresh", self.study_folder, "--jitter", 86400, "--log-file", self.log)
        time.sleep(0.5)
        self.assertIsNone(process.poll())
        process.terminate()
        status, err, seconds = self.end(process)
        self.assertEqual((status, len(err.splitlines())), (128 + signal.SIGTERM, 1))
        self.assertLess(seconds, 1)
        self.assertEqual([line["exit"] for line in self.summaries()], ["143"])
        self.assertEqual(self.server.requests, [])

    def test_commands_that_ask_nobody_end_at_once(self):
        fifo = self.folder / "works.jsonl"
        os.mkfifo(fifo)
        process = self.begin("import", self.study_folder, fifo)
        with open(fifo, "w"):
            time.sleep(0.2)
            process.terminate()
            self.assertEqual(self.end(process, timeout=5)[0], -signal.SIGTERM)


class TimeLimit(ProcessTest):
    """--max-time."""

    def test_request_in_flight_is_given_up_and_nothing_published(self):
        process, _ = self.begin_and_hold("run", "--max-time", "2s")
        status, err, seconds = self.end(process)
        self.assertEqual(status, TEMPORARY)
        self.assertLess(seconds, 5)
        self.assertIn("--max-time 2s", err)
        self.assertIn("no report was published", err)
        self.assertFalse(self.is_published())
        self.server.no_more_faults()
        self.run_study(OK)
        self.assert_undisturbed()

    def test_jitter_is_the_same_each_time_and_no_part_of_the_limit(self):
        waits = []
        for _ in range(2):
            self.server.forget()
            begin = time.monotonic()
            self.run_program("refresh", self.study_folder, "--jitter", 3, "--max-time", "3s", expect=OK)
            waits.append(self.server.requests[0].time - begin)
        self.assertAlmostEqual(*waits, delta=0.5)


class Cron(ProcessTest):
    """What cron sees, and finds in the log."""

    def refresh(self, expect, *options, **more):
        return self.run_study(expect, "--log-file", self.log, *options, command="refresh", **more)

    def test_silent_on_success(self):
        for options in ((), ("-q",)):
            result = self.refresh(OK, *options)
            self.assertEqual((result.out, result.err), ("", ""))
        first, second = self.summaries()
        self.assertRegex(first["report"], r"^\d{4}-\d\d-\d\dT\d{6}Z")
        self.assertEqual((first["exit"], first["gaps"]), ("0", "0"))
        self.assertEqual(first["calls"], str(len(self.server.requests) // 2))
        self.assertGreater(float(first["cost_usd"]), 0)
        self.assertLess(float(first["seconds"]), 60)
        self.assertEqual(second["report"], "unchanged")

    def test_lock_held_by_another(self):
        with open(self.study_folder.folder / "dataset.sqlite.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            result = self.refresh(TEMPORARY, "-q")
        self.assertLess(result.seconds, 2)
        self.assertEqual((result.out, len(result.err.splitlines())), ("", 1))
        self.assertEqual(self.server.requests, [])
        self.assertEqual([(line["exit"], line["report"]) for line in self.summaries()], [("75", "none")])

    def test_one_summary_line_last_whatever_happens(self):
        self.server.fault_when(is_works_list, answer_fault(html_answer(404, "Not Found"), ALWAYS))
        self.assertTrue(self.refresh((UNAVAILABLE, TEMPORARY), "-q").err)
        self.assertEqual(self.summaries()[-1]["gaps"], "1")
        self.study_folder.write("people.csv", "name\n\"never closed\n")
        self.assertTrue(self.refresh(CONFIGURATION, "-q").err)
        self.assertEqual([line["exit"] for line in self.summaries()][1:], ["78"])
        self.assertEqual(self.logged()[-1]["event"], "refreshed")

    def test_reader_of_the_first_lines(self):
        process = self.begin("status", self.study_folder)
        process.stdout.close()  # before anything is written
        self.end(process)
        self.run_study(OK)
        for command in (("status", self.study_folder), ("--help",)):
            process = self.begin(*command)
            process.stdout.close()
            process.stdout = None
            status, err, _ = self.end(process)
            self.assertEqual((status, err), (OK, ""))

    def test_limit_on_file_size_is_an_error_and_no_death(self):
        process = subprocess.run(["bash", "-c", 'ulimit -f 8; exec "$0" run "$1"', binary(), self.study_folder],
                                 env=self.environment(), capture_output=True, timeout=60, check=False)
        self.assertEqual(process.returncode, 74, process)
        self.run_study(OK)
        self.assert_undisturbed()


class Log(ProcessTest):
    """The log file."""

    def run_logged(self, expect, *options):
        return self.run_study(expect, "--log-file", self.log, *options)

    def test_every_line_is_logfmt_in_utc_and_names_its_run(self):
        self.run_logged(OK)
        lines = self.log.read_text().splitlines()
        self.run_logged(OK)
        self.assertEqual(self.log.read_text().splitlines()[:len(lines)], lines, "the log is to be appended to")
        now = time.time()
        for fields in self.logged():
            self.assertEqual(list(fields)[:3], ["ts", "level", "run"])
            self.assertRegex(fields["ts"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            stamp = time.strptime(fields["ts"] + "+0000", "%Y-%m-%dT%H:%M:%SZ%z")
            self.assertLess(abs(now - (time.mktime(stamp) - time.timezone)), 3700)
            self.assertIn(fields["level"], ("info", "warn", "error"))
        runs = [fields["run"] for fields in self.logged()]
        self.assertEqual(len(set(runs)), 2)
        self.assertEqual(len(set(runs[:len(lines)])), 1)
        self.assertEqual({fields["src"] for fields in self.logged() if fields["event"] == "harvested"}, {"openalex"})

    def test_hostile_answer(self):
        refusal = json_answer({"error": "Invalid query parameters error.", "message": HOSTILE}, 400)
        self.server.fault_when(is_works_list, answer_fault(refusal, ALWAYS))
        result = self.run_logged(UNAVAILABLE, "--progress", "always")
        for text in (result.out, result.err, self.log.read_text()):
            self.assertFalse(re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text), ascii(text))
        self.assertIn("gpj.exe", result.err)
        self.assertEqual([fields for fields in self.logged() if fields["event"] == "all_well"], [])
        self.assertTrue(any("gpj.exe" in fields.get("message", "") for fields in self.logged()))

    def test_hostile_title(self):
        self.world.works["W1002"].title = HOSTILE
        self.run_logged(OK)
        result = self.run_program("explain", self.study_folder, "lin", "wei", expect=OK)
        self.assertIn("gpj.exe", result.out)
        self.assertFalse(re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", result.out + result.err))
        self.logged()

    def test_lines_of_many_runs_at_once_stay_whole(self):
        """Each line is one write to a file opened for appending, whatever its length."""
        self.study_folder.write("study.toml", "x" * 20000)  # is told by an error that repeats it
        processes = [self.begin("check", self.study_folder, "--log-file", self.log) for _ in range(8)]
        for process in processes:
            self.end(process)
        self.assertEqual(len(self.logged()), 8)

    def test_log_that_cannot_be_opened(self):
        result = self.run_study(73, "--log-file", self.folder / "no" / "such.log")
        self.assertIn("--log-file", result.err)
        self.assertEqual(self.server.requests, [])

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_log_on_a_full_disk_stops_nothing(self):
        result = self.run_study(OK, "--log-file", "/dev/full", "-q")
        self.assertEqual(len(result.err.splitlines()), 1)
        self.assert_undisturbed()


class ShownProgress(ProcessTest):
    """--progress."""

    def on_a_terminal(self, columns, *options, **environment):
        """What the program writes to a terminal of that width."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 25, columns, 0, 0))
        process = subprocess.Popen([binary(), "run", str(self.study_folder), "--fresh", *options],
                                   env={**self.environment(), "TERM": "xterm", **environment},
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=slave)
        os.close(slave)
        written = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:  # how Linux tells the end
                break
            if not piece:
                break
            written += piece
        os.close(master)
        self.assertEqual(process.wait(60), OK)
        return written.decode()

    def test_bar_keeps_to_the_width(self):
        for columns, environment in ((100, {}), (40, {}), (10, {}), (0, {"COLUMNS": "50"})):
            with self.subTest(columns=columns):
                shown = self.on_a_terminal(columns, **environment)
                bars = re.findall("\r\x1b\\[K([^\r\n]+)(?=\r\x1b)", shown)
                self.assertTrue(bars)
                width = columns or int(environment["COLUMNS"])
                self.assertLess(max(map(len, bars)), width)
                self.assertNotIn("\x1b", shown.replace("\x1b[K", ""), "no colours")
                if columns == 100:
                    self.assertTrue(any(re.match(r"\[#+\.*\] openalex: works: 2 of 6, 1 call, \$0\.0001", bar)
                                        for bar in bars), bars)
                self.assertTrue(any("openalex"[:width - 1] in bar for bar in bars), bars)

    def test_none_where_it_is_not_wanted(self):
        for options, environment in ((("--progress", "never"), {}), (("-q",), {}), ((), {"TERM": "dumb"})):
            with self.subTest(options=options, **environment):
                self.assertNotIn("\r\x1b", self.on_a_terminal(80, *options, **environment))
        self.assertNotIn("of at least", self.run_study(OK).err)

    def test_plain_lines_off_a_terminal(self):
        result = self.run_study(OK, "--progress", "always")
        self.assertNotIn("\x1b", result.err)
        works = [line for line in result.err.splitlines() if line.startswith("openalex: works: ")]
        self.assertRegex(works[0], r"^openalex: works: 2 of 6, 1 call, \$0\.0001$")
        self.assertRegex(works[-1], r"^openalex: works: 6 of 6, \d calls, \$0\.000\d")
        self.assertEqual(len(works), 2, "one when the step begins and one at its end")


class Secret(ProcessTest):
    """The key is in the environment and in one header, and nowhere else."""

    def assert_nowhere(self, *texts):
        forms = {CANARY, urllib.parse.quote(CANARY, safe=""), CANARY.replace("/", "\\/"), CANARY[:12]}
        for form in forms:
            for text in texts:
                self.assertNotIn(form, text)
            for path in self.folder.rglob("*"):
                if path.is_file():
                    self.assertNotIn(form.encode(), path.read_bytes(), path)

    def setUp(self):
        super().setUp()
        self.server.openalex.keys = {CANARY}

    def ran(self, *options, expect=None):
        result = self.run_study(expect or range(256), "-v", "--log-file", self.log, "--progress", "always", *options,
                                key=CANARY, timeout=60)
        self.assert_nowhere(result.out, result.err, self.status_text())
        return result

    def status_text(self):
        return self.run_program("status", self.study_folder).out + \
            self.run_program("status", self.study_folder, "--json").out

    def test_success(self):
        process, go_on = self.begin_and_hold("run", "-v", "--log-file", self.log, key=CANARY)
        place = Path("/proc", str(process.pid))
        self.assertNotIn(CANARY.encode(), (place / "cmdline").read_bytes())
        self.assertIn(CANARY.encode(), (place / "environ").read_bytes())
        go_on()
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, OK)
        self.assert_nowhere(out.decode(), err.decode(), self.status_text())

    def test_answers_that_repeat_it(self):
        echo = {"error": "Invalid or missing API key", "message": f"key {CANARY} is unknown"}
        encoded = urllib.parse.quote(CANARY, safe="")
        faults = {
            "401": answer_fault(json_answer(echo, 401), ALWAYS),
            "401 cut in the message": answer_fault(json_answer({**echo, "message": "x" * 255 + CANARY}, 401), ALWAYS),
            "400": answer_fault(json_answer({"error": "Invalid query parameters error.",
                                             "message": f"api_key={encoded} {CANARY}"}, 400), ALWAYS),
            "500 html": answer_fault(html_answer(500, f"{CANARY} {encoded}"), ALWAYS),
            "redirect to another host": redirect_fault(f"https://other.example/{CANARY}?key={encoded}", times=ALWAYS),
            "redirect to nowhere": redirect_fault(f"mailto:{CANARY}?{encoded}", times=ALWAYS),
            "record": answer_fault(json_answer({"meta": {"count": 1, "next_cursor": None},
                                                "results": [{"id": CANARY, "title": CANARY}]}), ALWAYS),
        }
        for name, fault in faults.items():
            with self.subTest(name):
                self.fresh_study(name.replace(" ", "-"))
                self.server.no_more_faults()
                self.server.forget()
                self.server.fault_when(is_works_list, fault)
                shutil.rmtree(self.folder / "state", ignore_errors=True)  # a pause that was cut short holds
                # The error stays, so the time for trying again is cut short.
                self.assertNotEqual(self.ran("--max-time", "2s").code, OK)
                self.assertTrue(self.server.works_requests(), "the fault was not met")

    def test_cut_answer(self):
        self.server.fault_when(is_works_list, Fault(cut=0.5))
        self.ran(expect=OK)

    def test_credential_of_a_service(self):
        self.server.openalex.key_required = True
        credentials = self.folder.parent / (self.folder.name + "-credentials")
        credentials.mkdir()
        self.addCleanup(credentials.rmdir)
        file = credentials / "openalex.key"
        file.write_text(CANARY + "\n")
        self.addCleanup(file.unlink)
        for mode, expected in ((0o400, OK), (0o440, OK), (0o444, CONFIGURATION)):
            with self.subTest(oct(mode)):
                file.chmod(mode)
                done = subprocess.run([binary(), "refresh", str(self.study_folder)], capture_output=True, text=True,
                                      env={**self.environment(), "CREDENTIALS_DIRECTORY": str(credentials)},
                                      timeout=60, check=False)
                self.assertEqual(done.returncode, expected, done.stderr)
                self.assert_nowhere(done.stdout, done.stderr)


if __name__ == "__main__":
    unittest.main()
