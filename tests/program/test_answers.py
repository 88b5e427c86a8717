"""Kept answers: what a run asked and heard is kept, and the dataset comes out of it again, byte for byte."""

import fcntl
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import unittest
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from api_server import ApiServer, Fault, html_fault, status_fault
from answer import json_answer
from made_up import INSTITUTIONS, PEOPLE, made_up_world
from program import CONFIGURATION, DATA, KEY_VARIABLE, NO_INPUT, OK, TEMPORARY, USAGE, ProgramTest, binary

CANARY = "canary-key-5f2e"
ALWAYS = 10**6
ROSTER = [person for person in PEOPLE if person["key"] in ("lin", "wei", "novak")]  # few people make few requests
EVERYTHING = """source work authorship institution affiliation authorship_institution authorship_affiliation funding query
    query_record gap import identity author_alias resolution allowance pass run""".split()


def is_further_page(request):
    return request.path == "/works" and request.query["cursor"] != "*"


class AnswersTest(ProgramTest):
    """A server over the made-up world and a study that keeps answers."""

    def setUp(self):
        super().setUp()
        self.world = made_up_world()
        self.server = ApiServer(self.world)
        self.server.__enter__()
        self.addCleanup(self.stop_server)
        self.server.openalex.keys = {CANARY}
        self.server.date = None
        self.new_study()

    def stop_server(self):
        if self.server:
            self.server.__exit__()
        self.server = None

    def new_study(self, name="study", **content):
        self.folder_of_study = self.study(name, **{
            "people": ROSTER, "institutions": INSTITUTIONS, "analysis": 'metrics = ["degree"]',
            "sources": {"openalex": {"base_url": self.server.url, "key_env": KEY_VARIABLE, "page_size": 3}},
            **content})

    @property
    def answers(self):
        return self.folder_of_study.folder / "answers.sqlite"

    def asked(self, command="refresh", *options, expect=OK):
        return self.run_program(command, self.folder_of_study, *options, key=CANARY, expect=expect)

    def replayed(self, expect=OK):
        """Replays without a network (the server is gone) and without a key."""
        self.stop_server()
        return self.run_program("fetch", "--replay", self.folder_of_study, expect=expect)

    def vacuumed(self, name):
        """The bytes of the dataset in the order that VACUUM gives them: equal rows, equal bytes."""
        copy = self.folder / name
        with sqlite3.connect(self.folder_of_study.dataset) as connection:
            connection.execute("VACUUM INTO ?", (str(copy),))
        connection.close()
        return copy.read_bytes()

    def rows(self):
        """Table -> its rows, all of them."""
        connection = sqlite3.connect(f"file:{self.folder_of_study.dataset}?mode=ro", uri=True)
        self.addCleanup(connection.close)
        names = [name for name, in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        self.assertEqual(sorted(names), sorted(EVERYTHING), "a table that this test does not know")
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}

    def counted(self, sql):
        connection = sqlite3.connect(f"file:{self.answers}?mode=ro", uri=True)
        try:
            return connection.execute(sql).fetchone()[0]
        finally:
            connection.close()

    def lose_dataset(self):
        for rest in ("", "-wal", "-shm"):
            Path(f"{self.folder_of_study.dataset}{rest}").unlink(missing_ok=True)

    def assert_replay_gives_the_same(self, expect=OK):
        """Deletes the dataset, replays, and compares every byte."""
        rows, before = self.rows(), self.vacuumed("before")
        self.lose_dataset()
        result = self.replayed(expect=expect)
        after = self.rows()
        for name in EVERYTHING:
            self.assertEqual(rows[name], after[name], name)
        self.assertEqual(before, self.vacuumed("after"), "equal rows, but not in equal places")
        self.assertEqual([path.name for path in self.folder_of_study.folder.iterdir()
                          if path.name.startswith(".")], [], "temporary files are left")
        return result

    def analyzed(self):
        """The files of a report of the dataset as it is."""
        self.run_program("analyze", self.folder_of_study, expect=OK)
        return self.folder_of_study.report_files()

    def change_the_world(self, step):
        """What happens to a source between two refreshes."""
        world = self.world
        if step == 0:
            world.work("W1090", "Fresh from the press", "2024-08-08", ["A5000000001", "A5000000005"])
            world.works["W1004"].title = "Models, small, large and larger"
        elif step == 1:
            del world.works["W1002"]
            world.merged["W1002"] = "W1001"
            del world.works["W1003"]
            world.works["W1005"].cited_by += 3
        elif step == 2:
            world.works["W1006"].byline = world.works["W1006"].byline[:2]
            world.author("A5000000801", "Meixiu Lin")
            for work in world.works.values():
                for mention in work.byline:
                    if mention.author == "A5000000001":
                        mention.author = "A5000000801"
            del world.authors["A5000000001"]
            world.merged["A5000000001"] = "A5000000801"


class Replay(AnswersTest):
    """The dataset out of the answers."""

    def test_undisturbed_refreshes_byte_for_byte(self):
        self.asked("run")
        for step in range(3):
            self.change_the_world(step)
            self.asked()
        self.asked("run")
        answers = self.counted("SELECT count(*) FROM answer WHERE what <= 2")
        report = self.analyzed()
        result = self.assert_replay_gives_the_same()
        self.assertRegex(result.err, rf"replayed 5 runs, {answers} answers; \d+ works\n")
        self.assert_same_report(report, self.analyzed())

    def test_two_sources_commands_one_by_one_and_changed_study_files(self):
        people = [person for person in PEOPLE if person["key"] in ("lin", "novak")]
        sources = {"openalex": {"base_url": self.server.url, "key_env": KEY_VARIABLE},
                   "arxiv": {"base_url": self.server.url}}
        self.world.preprint("2101.00001", "Tokens at sea", "2021-01-01T00:00:00Z", ["Meixiu Lin", "Petra Novak"])
        self.new_study("two", people=people, sources=sources)
        self.asked("resolve")
        self.asked("fetch")
        with (self.folder_of_study.folder / "people.csv").open("a") as file:
            file.write("okafor,Chidi Okafor,,south,,A5000000005\n")
        self.asked("resolve")
        self.asked("fetch", "--fresh")
        self.asked("fetch")
        # What the files say now is no matter: each run is replayed with the files it had.
        self.folder_of_study.write("people.csv", "key,name\nnobody,Nobody Anywhere\n")
        self.assert_replay_gives_the_same()

    def test_faulty_refreshes_byte_for_byte(self):
        self.server.fault_at(4, status_fault(500))
        self.server.fault_at(7, Fault(cut=0.5))
        self.asked("run")
        self.change_the_world(0)
        limited = self.server.openalex.per_second_refusal
        self.server.fault_when(lambda request: request.path == "/works", Fault(replace=lambda _request: limited()))
        self.server.fault_when(lambda request: request.path == "/works", html_fault())
        self.asked()
        self.change_the_world(1)
        daily = self.server.openalex.daily_refusal
        self.server.fault_when(is_further_page, Fault(replace=lambda _request: daily(), times=ALWAYS))
        self.asked(expect=TEMPORARY)
        self.server.no_more_faults()
        self.change_the_world(2)
        self.server.fault_when(lambda request: request.path == "/works", Fault(reset=True, times=2))
        self.asked()
        self.asked()
        report = self.analyzed()
        self.assert_replay_gives_the_same()
        self.assert_same_report(report, self.analyzed())

    @unittest.skipUnless(shutil.which("faketime"), "faketime is not installed")
    def test_a_clock_that_runs_fast(self):
        """Minutes pass between the arrival of an answer and its storing: the stamps are those of the arrival."""
        command = ["faketime", "-m", "--exclude-monotonic", "-f", "+0 x1000", binary(), "run",
                   str(self.folder_of_study)]
        for expected in (OK, TEMPORARY):
            done = subprocess.run(command, env=self.environment(CANARY), cwd=self.folder, capture_output=True,
                                  timeout=120, check=False)
            self.assertEqual(done.returncode, expected, done.stderr)
            daily = self.server.openalex.daily_refusal
            self.server.fault_when(is_further_page, Fault(replace=lambda _request: daily(), times=ALWAYS))
        # Its gap says when the allowance is renewed, by the time at which the refusal arrived.
        self.assertTrue(any("renewed at" in row[3] for row in self.rows()["gap"]))
        self.assert_replay_gives_the_same(expect=TEMPORARY)

    def test_a_run_that_ended_with_gaps(self):
        self.asked("run")
        self.change_the_world(0)
        daily = self.server.openalex.daily_refusal
        self.server.fault_when(is_further_page, Fault(replace=lambda _request: daily(), times=ALWAYS))
        self.asked(expect=TEMPORARY)
        result = self.assert_replay_gives_the_same(expect=TEMPORARY)
        self.assertIn("incomplete", result.err)

    def test_runs_that_were_told_to_end(self):
        self.server.fault_when(is_further_page, Fault(before=lambda _request: time.sleep(1.2)))
        self.asked("run", "--max-time", "1s", expect=TEMPORARY)
        reached = threading.Event()

        def slow(_request):
            reached.set()
            time.sleep(0.5)

        self.server.fault_when(is_further_page, Fault(before=slow))
        process = self.start("run", self.folder_of_study, key=CANARY)
        self.assertTrue(reached.wait(60))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 128 + signal.SIGTERM)
        self.asked("fetch")
        self.assert_replay_gives_the_same()

    def test_killed_runs(self):
        for where in (lambda request: request.path.startswith("/authors"),
                      lambda request: request.path == "/works" and request.query["cursor"] == "*",
                      is_further_page):
            self.kill_while_asking(where)
            self.change_the_world(0)
        self.asked("run")
        self.kill_while_asking(is_further_page)
        self.assert_replay_gives_the_same()

    def kill_while_asking(self, where):
        reached, over = threading.Event(), threading.Event()

        def wait(_request):
            reached.set()
            over.wait(60)

        self.server.fault_when(where, Fault(before=wait, reset=True))
        process = self.start("run", self.folder_of_study, key=CANARY)
        self.assertTrue(reached.wait(60))
        process.kill()
        process.communicate()
        over.set()
        self.server.no_more_faults()

    def test_an_answer_that_was_kept_and_not_stored(self):
        """A kill between the two makes the next run ask again, and its answer is the one that counts."""
        self.kill_while_asking(is_further_page)
        self.lose_dataset()  # so that the first page is in the answers and not in the dataset
        self.world.works["W1009"].title = self.world.works["W1001"].title = "Parsing by daylight"
        self.asked("run")
        before = self.rows()
        self.assertIn("Parsing by daylight", [row[5] for row in before["work"]])
        self.lose_dataset()
        self.replayed()
        self.assertEqual(before["work"], self.rows()["work"])


class Carried(AnswersTest):
    """What no kept answer tells is kept nevertheless."""

    def imported(self, name="more.jsonl", title="From a file"):
        self.world.work("W1500", title, "2020-02-02", [("A5000000001", ["I4200000002"]), "A5000000005"],
                        doi="10.5555/file.1", funders=(("F4300000009", "Fund", "X"),), references=("W1001",))
        file = self.folder / name
        file.write_text(json.dumps(self.world.work_record("W1500")) + "\n")
        del self.world.works["W1500"]
        self.run_program("import", self.folder_of_study, file, expect=OK)

    def test_imports(self):
        self.imported()
        self.asked("run")
        time.sleep(1.01)
        self.imported("other.jsonl", "From another file")
        rows = self.rows()
        result = self.replayed()
        self.assertIn("1 works carried over", result.err)
        after = self.rows()
        facts = {row[2]: row[3:] for row in rows["work"]}
        self.assertEqual(facts, {row[2]: row[3:] for row in after["work"]})
        self.assertEqual([row[1:] for row in rows["import"]], [row[1:] for row in after["import"]])
        for name in ("identity", "resolution", "run", "gap"):
            self.assertEqual(rows[name], after[name], name)
        self.analyzed()
        self.assertIn("From another file", [line["title"] for line in self.folder_of_study.table("works")])

    def fingerprint(self):
        return self.run_program("status", self.folder_of_study, "--json", expect=OK).json()["fingerprint"]

    def test_the_dataset_that_is_there_and_nothing_to_carry_over(self):
        self.asked("run")
        self.change_the_world(0)
        self.asked()
        before, fingerprint = self.vacuumed("before"), self.fingerprint()
        self.replayed()
        after = self.vacuumed("after")
        # The number at 40 counts what tells readers to look at the schema again; a new content is such an event.
        self.assertEqual(before[:40] + before[44:], after[:40] + after[44:])
        self.assertEqual(fingerprint, self.fingerprint())

    def test_runs_whose_answers_were_not_kept(self):
        self.asked("run")
        rest = (self.folder_of_study.folder / "study.toml").read_text()
        self.folder_of_study.write("study.toml", rest + "\n[answers]\nlimit_mb = 0\n")
        time.sleep(1.01)
        self.change_the_world(0)
        self.asked()
        self.assertEqual(self.counted("SELECT count(*) FROM answer"), 0, "a limit of 0 drops what was kept")
        self.folder_of_study.write("study.toml", rest)
        time.sleep(1.01)
        self.asked()
        time.sleep(1.01)
        self.folder_of_study.write("study.toml", rest + "\n[answers]\nlimit_mb = 0\n")
        self.change_the_world(1)
        # Later than anything that is kept: by a run that keeps nothing, in an archive that is put aside.
        os.rename(self.answers, self.folder / "aside.sqlite")
        self.asked()
        self.assertFalse(self.answers.exists(), "a limit of 0 makes no archive")
        os.rename(self.folder / "aside.sqlite", self.answers)
        rows, fingerprint = self.rows(), self.fingerprint()
        self.replayed()
        self.assertEqual(fingerprint, self.fingerprint())
        after = self.rows()
        for name in ("identity", "resolution", "gap", "author_alias", "allowance", "pass"):
            self.assertEqual(rows[name], after[name], name)
        for name in ("query", "run"):
            self.assertEqual(sorted(row[1:] for row in rows[name]), sorted(row[1:] for row in after[name]), name)
        self.assertEqual({row[2]: row[3:] for row in rows["work"]}, {row[2]: row[3:] for row in after["work"]})

    def test_kill_during_a_replay(self):
        self.asked("run")
        self.imported()
        fingerprint = self.fingerprint()
        self.stop_server()
        for delay in (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3):
            process = self.start("fetch", "--replay", self.folder_of_study)
            time.sleep(delay)
            process.kill()
            process.communicate()
            self.assertEqual(self.fingerprint(), fingerprint)
        self.replayed()
        self.assertEqual(self.fingerprint(), fingerprint)
        self.assertEqual([path.name for path in self.folder_of_study.folder.iterdir() if path.name.startswith(".")], [])


class Refusals(AnswersTest):
    """What a replay does not do."""

    def test_nothing_kept(self):
        self.assertIn("answers.sqlite", self.replayed(expect=NO_INPUT).err)
        self.assertFalse(self.folder_of_study.dataset.exists())

    def test_a_study_that_another_run_has_locked(self):
        self.asked("run")
        with open(self.folder_of_study.folder / "dataset.sqlite.lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.replayed(expect=TEMPORARY)

    def test_replay_and_fresh(self):
        self.run_program("fetch", "--replay", "--fresh", self.folder_of_study, expect=USAGE)

    def test_a_damaged_or_foreign_dataset_is_left(self):
        self.asked("run")
        self.lose_dataset()
        self.folder_of_study.write("dataset.sqlite", b"not a database at all" * 500)
        before = self.folder_of_study.dataset.read_bytes()
        self.assertIn("move", self.replayed(expect=DATA).err)
        self.assertEqual(self.folder_of_study.dataset.read_bytes(), before)

    def test_damaged_foreign_and_newer_archives(self):
        self.asked("run")
        whole = self.answers.read_bytes()
        connection = sqlite3.connect(self.answers)
        connection.execute("PRAGMA user_version = 4711")
        connection.close()
        for command in (("fetch",), ("fetch", "--replay")):
            result = self.run_program(*command, self.folder_of_study, key=CANARY, expect=CONFIGURATION)
            self.assertIn("4711", result.err)
        self.answers.write_bytes(self.folder_of_study.dataset.read_bytes())
        self.assertIn("archive", self.run_program("fetch", self.folder_of_study, key=CANARY, expect=DATA).err)
        self.answers.write_bytes(whole)
        connection = sqlite3.connect(self.answers)
        with connection:
            connection.execute("UPDATE chunk SET data = zeroblob(length(data))")
        connection.close()
        fingerprint = self.vacuumed("before")
        self.assertIn("damaged", self.replayed(expect=DATA).err)
        self.assertEqual(fingerprint, self.vacuumed("after"))


class Keeping(AnswersTest):
    """What the archive holds."""

    def test_no_key_anywhere(self):
        self.server.fault_at(3, Fault(replace=lambda request: json_answer(
            {"error": "Server error", "message": "failed for " + request.headers.get("authorization", "") +
             " and api_key=" + "".join(f"%{ord(c):02x}" for c in CANARY)}, 500,
            location="/works?api_key=" + CANARY)))
        self.asked("run")
        connection = sqlite3.connect(self.answers)
        texts = [str(row) for table in ("run", "text", "answer", "dropped") for row in
                 connection.execute(f"SELECT * FROM {table}")]
        bodies = [zlib.decompress(data) for data, in connection.execute("SELECT data FROM chunk")]
        connection.close()
        self.assertTrue(any(b"failed for Bearer (key) and api_key=(key)" in body for body in bodies))
        for text in [*texts, *map(repr, bodies), repr(self.answers.read_bytes())]:
            self.assertNotIn(CANARY, text)
            self.assertNotIn("%63%61%6e", text)

    def test_limit_drops_the_oldest_runs_and_says_so(self):
        for n in range(60):
            noise = "".join(hashlib.sha256(f"{n} {k}".encode()).hexdigest() for k in range(600))
            self.world.work(f"W{20000 + n}", f"Noise {n} {noise}", "2020-01-01", ["A5000000001"])
        self.new_study("small", people=PEOPLE[:1])
        rest = (self.folder_of_study.folder / "study.toml").read_text()
        self.folder_of_study.write("study.toml", rest + "\n[answers]\nlimit_mb = 2\n")
        log = self.folder / "log"
        for run in range(3):
            for n in range(60):
                work = self.world.works[f"W{20000 + n}"]
                work.title = work.title[::-1]
                work.title = "".join(chr(ord(c) ^ (run % 2)) if c.isalnum() else c for c in work.title)
            self.asked("fetch" if run else "run", "--log-file", log)
            size = sum(path.stat().st_size for path in self.folder_of_study.folder.glob("answers.sqlite*"))
            self.assertLess(size, 3.5 * 2**20)
        self.assertIn("answers_dropped", log.read_text())
        told = self.run_program("status", self.folder_of_study, "--json", expect=OK).json()["answers"]
        self.assertGreater(told["dropped_runs"], 0)
        self.assertEqual(self.counted("SELECT min(run) > 1 FROM run"), 1)
        self.assertIn("dropped", self.run_program("status", self.folder_of_study, expect=OK).out)

    def test_refreshes_cost_what_changed(self):
        self.asked("run")
        first = self.counted("SELECT sum(length(data)) FROM chunk")
        for _ in range(4):
            self.asked("fetch")
        more = self.counted("SELECT sum(length(data)) FROM chunk") - first
        self.assertLess(more, first / 4)


if __name__ == "__main__":
    unittest.main()
