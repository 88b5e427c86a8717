"""What goes wrong on the way: throttling, refusals, cut answers, short lists, killed runs.

The measure is always the same: the exit code tells it, nothing is lost silently, and once the trouble is over the
report has the same bytes as one of a run without trouble.
"""

import functools
import signal
import sqlite3
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from answer import html_answer
from api_server import ApiServer, Fault, answer_fault, html_fault, redirect_fault, status_fault
from made_up import INSTITUTIONS, PEOPLE, made_up_world
from openalex_api import OpenalexApi
from program import (CONFIGURATION, DATA, KEY_REJECTED, KEY_VARIABLE, OK, TEMPORARY, UNAVAILABLE, ProgramTest,
                     StudyFolder)

ALWAYS = 10**6
ROSTER = [person for person in PEOPLE if person["key"] in ("lin", "wei")]  # few people make few requests


def study_content(server, page_size=2):
    """A study of two people whose works fill four pages."""
    return {"people": ROSTER, "institutions": INSTITUTIONS, "analysis": 'metrics = ["degree", "strength"]',
            "sources": {"openalex": {"base_url": server.url, "key_env": KEY_VARIABLE, "page_size": page_size}}}


def is_works_list(request):
    return request.path == "/works"


@functools.cache
def undisturbed_report():
    """Name -> bytes of the report of a run without trouble."""
    test = ProgramTest()
    with tempfile.TemporaryDirectory(prefix="coterie-test-") as folder, ApiServer(made_up_world()) as server:
        test.folder = Path(folder)
        study = StudyFolder(test.folder / "study", **study_content(server))
        test.run_program("run", study, expect=OK)
        return study.report_files()


class FaultTest(ProgramTest):
    """A server over the made-up world and a study of two of its people."""

    def setUp(self):
        super().setUp()
        self.world = made_up_world()
        self.server = self.enterContext(ApiServer(self.world))
        self.fresh_study()

    def fresh_study(self, name="study", **content):
        self.study_folder = self.study(name, **{**study_content(self.server), **content})

    def run_study(self, expect, *options, command="run", **more):
        result = self.run_program(command, self.study_folder, *options, expect=expect, **more)
        failed = [note for request in self.server.requests for note in request.notes if note.startswith("server")]
        self.assertEqual(failed, [])
        return result

    def status(self):
        return self.run_program("status", self.study_folder, "--json", expect=OK).json()

    def assert_undisturbed(self):
        self.assertEqual(self.status()["gaps"], [])
        self.assert_same_report(undisturbed_report(), self.study_folder.report_files())

    def assert_gap_told(self, result, word):
        """The gap stands on stderr, in status and in the report."""
        self.assertIn("incomplete", result.err)
        self.assertIn(word, result.err)
        gaps = self.status()["gaps"]
        self.assertTrue(gaps and any(word in gap["reason"] for gap in gaps), gaps)
        self.assertIn("gap", self.run_program("status", self.study_folder, expect=OK).out)
        if (self.study_folder.folder / "reports").exists():
            self.assertTrue(self.study_folder.run_manifest()["gaps"])
            self.assertTrue(any(line["gap"] for line in self.study_folder.table("coverage")))


class Refusals(FaultTest):
    """What the source says no to."""

    def test_rejected_key(self):
        self.server.openalex.keys = {"good-key"}
        result = self.run_study(KEY_REJECTED, key="bad-key")
        self.assertIn("key", result.err)
        self.assertNotIn("bad-key", result.err + result.out)
        self.assertEqual([request.status for request in self.server.requests], [401], "a 401 must not be tried again")
        self.run_study(OK, key="good-key")
        self.assert_undisturbed()

    def test_daily_allowance_ends_the_run_and_the_next_goes_on(self):
        self.server.fault_when(lambda request: is_works_list(request) and len(self.server.works_requests()) > 2,
                               answer_fault(OpenalexApi(self.world).daily_refusal(), ALWAYS))
        result = self.run_study(TEMPORARY)
        self.assertLess(result.seconds, 30, "the run must end, not wait for midnight")
        self.assert_gap_told(result, "allowance")
        first = [request.query["cursor"] for request in self.server.works_requests()]
        self.assertEqual((len(first), first[0]), (3, "*"))
        self.server.no_more_faults()
        self.server.forget()
        self.run_study(OK)
        self.assertEqual(self.server.works_requests()[0].query["cursor"], first[2], "not from the stored cursor")
        self.assert_undisturbed()

    def test_fresh_forgets_the_cursor(self):
        self.server.fault_when(lambda request: is_works_list(request) and len(self.server.works_requests()) > 2,
                               answer_fault(OpenalexApi(self.world).daily_refusal(), ALWAYS))
        self.run_study(TEMPORARY)
        self.server.no_more_faults()
        self.server.forget()
        self.run_study(OK, "--fresh")
        self.assertEqual(self.server.works_requests()[0].query["cursor"], "*")
        self.assert_undisturbed()

    def test_plan_that_does_not_cover_the_question(self):
        self.server.fault_when(is_works_list, answer_fault(OpenalexApi.plan_refusal(), ALWAYS))
        result = self.run_study(CONFIGURATION)
        self.assertEqual(len(self.server.works_requests()), 1, "a plan refusal must not be tried again")
        self.assert_gap_told(result, "plan")

    def test_too_fast(self):
        self.server.fault_when(is_works_list, answer_fault(OpenalexApi.per_second_refusal(), 2))
        self.run_study(OK)
        refused = [request for request in self.server.works_requests() if request.status == 429]
        after = self.server.requests[refused[0].number]
        self.assertGreaterEqual(after.time - refused[0].time, 0.4)
        self.assert_undisturbed()

    def test_redirect_to_another_port_is_not_followed(self):
        with ApiServer(self.world) as other:
            for target in (other.url + "/works", "file:///etc/passwd"):
                with self.subTest(target):
                    self.fresh_study(f"study-{target[:4]}")
                    self.server.no_more_faults()
                    self.server.fault_when(is_works_list, redirect_fault(target, times=ALWAYS))
                    self.server.openalex.keys = {"canary-key"}
                    result = self.run_study(UNAVAILABLE, key="canary-key")
                    self.assertIn("redirect", result.err)
                    self.assertEqual(other.requests, [])

    def test_author_id_that_is_gone(self):
        self.fresh_study("gone", people=[*ROSTER, {"key": "lost", "name": "Lo Stone", "openalex": "A5000000077"}])
        result = self.run_study(OK)
        self.assertIn("Lo Stone", result.err)

    def test_author_id_that_went_into_another(self):
        self.world.merged["A5000000099"] = "A5000000006"
        self.fresh_study("merged", people=[{"key": "berg", "name": "Ida Berg", "openalex": "A5000000099"}])
        self.run_study(OK)
        self.assertEqual({line["title"] for line in self.study_folder.table("works")},
                         {"Long tables", "Northern lights"})


class Passing(FaultTest):
    """Trouble that passes: the run ends well and nothing is missing."""

    def test_one_bad_answer(self):
        gateway = answer_fault(html_answer(502, "Bad gateway"))
        for name, fault in (("500", status_fault(500)), ("503", status_fault(503, retry_after=1)), ("502", gateway),
                            ("html", html_fault()), ("cut", Fault(cut=0.5)), ("reset", Fault(reset=True)),
                            ("empty", answer_fault(html_answer(200, ""), 1))):
            with self.subTest(name):
                self.fresh_study(f"study-{name}")
                self.server.no_more_faults()
                self.server.fault_when(is_works_list, fault)
                self.run_study(OK)
                self.assert_undisturbed()

    def test_bad_answer_while_people_are_looked_up(self):
        self.server.fault_at(1, status_fault(500))
        self.run_study(OK)
        self.assert_undisturbed()

    def test_cut_answer_without_compression(self):
        self.server.gzip = False
        self.server.fault_when(is_works_list, Fault(cut=0.7))
        self.run_study(OK)
        self.assert_undisturbed()

    def test_null_cursor_on_the_short_page(self):
        self.server.openalex.null_cursor_on_short_page = True
        self.run_study(OK)
        self.assert_undisturbed()

    def test_smaller_pages_where_the_asked_size_is_refused(self):
        self.server.openalex.largest_page = 100
        self.fresh_study("large", **study_content(self.server, page_size=200))
        self.run_study(OK)
        self.assert_undisturbed()

    def test_list_that_is_short_once_is_asked_again(self):
        self.server.openalex.hidden = {"W1002"}
        begins = []

        def whole_again(request):
            begins.append(request)
            if len(begins) == 2:
                self.server.openalex.hidden = set()
        self.server.fault_when(lambda request: request.query.get("cursor") == "*",
                               Fault(before=whole_again, times=ALWAYS))
        self.run_study(OK)
        self.assertEqual(len(begins), 2)
        self.assert_undisturbed()


class Lasting(FaultTest):
    """Trouble that stays: told as a gap, and made good by a later run."""

    def test_broken_source(self):
        self.server.fault_when(is_works_list, status_fault(503, retry_after=1, times=ALWAYS))
        result = self.run_study(TEMPORARY)
        self.assertIn(len(self.server.works_requests()), range(2, 20))
        self.assert_gap_told(result, "503")
        self.server.no_more_faults()
        self.run_study(OK)
        self.assert_undisturbed()

    def test_pages_for_people_instead_of_answers(self):
        self.server.fault_when(is_works_list, html_fault(times=ALWAYS))
        self.assertIn("incomplete", self.run_study(DATA).err)
        self.assertTrue(self.status()["gaps"])

    def test_list_that_stays_short(self):
        self.server.openalex.hidden = {"W1002"}
        result = self.run_study(TEMPORARY)
        self.assert_gap_told(result, "6")  # of so many announced works
        gap = self.status()["gaps"][0]
        self.assertEqual((gap["expected"], gap["fetched"]), (6, 5))
        self.server.openalex.hidden = set()
        self.run_study(OK)
        self.assert_undisturbed()

    def test_long_byline_is_completed_by_asking_singly(self):
        names = [self.world.author(f"A51000000{n:02}", f"Crowd Member{n}") for n in range(1, 100)]
        more = [self.world.author(f"A52000000{n:02}", f"Crowd Addition{n}") for n in range(1, 21)]
        self.world.work("W2000", "Crowded", "2020-02-02", ["A5000000001", *names, *more], doi="10.5555/crowd.1")
        self.fresh_study("crowd", scope="max_authors = 200")
        self.run_study(OK)
        singly = [request for request in self.server.requests if request.path == "/works/W2000"]
        self.assertEqual(len(singly), 1)
        with sqlite3.connect(f"file:{self.study_folder.dataset}?mode=ro", uri=True) as dataset:
            told = dataset.execute("SELECT author_count, byline_truncated, (SELECT count(*) FROM authorship a "
                                   "WHERE a.work = w.work) FROM work w WHERE id = 'W2000'").fetchall()
        self.assertEqual(told, [(120, 0, 120)])
        self.assertEqual([source["truncated_bylines"] for source in self.status()["sources"]], [0])

    def test_byline_that_stays_cut_is_counted(self):
        self.server.openalex.longest_byline = 3
        self.server.fault_when(lambda request: request.path == "/works/W1004",
                               answer_fault(html_answer(404, "Not Found"), ALWAYS))
        self.run_program("run", self.study_folder, expect=(OK, TEMPORARY))
        self.assertEqual([source["truncated_bylines"] for source in self.status()["sources"]], [1])

    def test_time_is_over(self):
        self.server.fault_when(is_works_list, status_fault(503, retry_after=30, times=ALWAYS))
        result = self.run_study(TEMPORARY, "--max-time", "2s")
        self.assertLess(result.seconds, 20)


class Process(FaultTest):
    """The process itself is stopped."""

    def stop_at(self, number, how):
        """Starts a run and sends it a signal when its N-th request comes in. :return: its exit status"""
        process = []
        ready = threading.Event()

        def stop(_request):
            ready.wait(10)
            process[0].send_signal(how)
            process[0].wait(20)
        self.server.forget()
        self.server.fault_at(number, Fault(before=stop))
        process.append(self.start("run", self.study_folder))
        ready.set()
        process[0].communicate(timeout=60)
        return process[0].returncode

    def test_killed_at_any_request(self):
        for number in (2, 3, 4, 5, 6):
            with self.subTest(number):
                self.fresh_study(f"killed-{number}")
                self.server.no_more_faults()
                self.assertEqual(self.stop_at(number, signal.SIGKILL), -signal.SIGKILL)
                self.assertFalse((self.study_folder.folder / "reports").exists())
                self.run_study(OK)
                self.assert_undisturbed()

    def test_a_killed_run_goes_on_from_its_cursor(self):
        begin = len(ROSTER)
        self.stop_at(begin + 3, signal.SIGKILL)
        asked = self.server.works_requests()[-1].query["cursor"]
        self.server.forget()
        self.run_study(OK)
        self.assertEqual(self.server.works_requests()[0].query["cursor"], asked)

    def test_terminated(self):
        status = self.stop_at(4, signal.SIGTERM)
        self.assertIn(status, (-signal.SIGTERM, 128 + signal.SIGTERM))
        self.run_study(OK)
        self.assert_undisturbed()

    def test_two_at_once(self):
        go_on = threading.Event()
        begun = threading.Event()

        def hold(_request):
            begun.set()
            go_on.wait(30)
        self.server.fault_at(1, Fault(before=hold))
        first = self.start("run", self.study_folder)
        try:
            self.assertTrue(begun.wait(20))
            second = self.run_program("run", self.study_folder, expect=TEMPORARY)
            self.assertLess(second.seconds, 5)
            self.assertTrue(second.err.strip())
            self.assertEqual(len(self.server.requests), 1)
        finally:
            go_on.set()
            first.communicate(timeout=60)
        self.assertEqual(first.returncode, OK)
        self.assert_undisturbed()

    def test_foreign_and_newer_datasets_are_left_alone(self):
        self.study_folder.dataset.write_bytes(b"this is no database, but somebody's notes " * 100)
        before = self.study_folder.dataset.read_bytes()
        self.run_study(DATA)
        self.assertEqual(self.study_folder.dataset.read_bytes(), before)
        self.study_folder.dataset.unlink()
        self.run_study(OK)
        with sqlite3.connect(self.study_folder.dataset) as dataset:
            dataset.execute("PRAGMA user_version = 999")
        dataset.close()
        self.assertIn("newer", self.run_study(CONFIGURATION).err)


class Arxiv(FaultTest):
    """arXiv: one request per three seconds, so few of them."""

    def setUp(self):
        super().setUp()
        for n in range(3):
            self.world.preprint(f"2001.0000{n}", f"Preprint {n}", f"2020-01-0{n + 1}T00:00:00Z", ["Tao Wei", "Bo Holt"])
        self.fresh_study("arxiv", people=[{"key": "wei", "name": "Tao Wei"}],
                         sources={"arxiv": {"base_url": self.server.url}})

    def test_an_empty_page_is_asked_again(self):
        self.server.arxiv.empty_pages = {0: 1}
        begin = time.monotonic()
        self.run_study(OK)
        self.assertGreaterEqual(time.monotonic() - begin, 3, "arXiv is to be asked once per three seconds")
        times = [request.time for request in self.server.requests if request.is_arxiv]
        self.assertEqual(len(times), 2)
        self.assertGreaterEqual(times[1] - times[0], 2.9)
        self.assertEqual(len(self.study_folder.table("works")), 3)
        self.server.forget()
        self.run_study(OK)
        self.assertEqual(self.server.requests, [], "the same question is not to be asked twice a day")


if __name__ == "__main__":
    unittest.main()
