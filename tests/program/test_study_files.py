"""What a person writes wrongly is told with file, line, value and what would be right; what is allowed works."""

import os
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from program import CONFIGURATION, NO_INPUT, OK, USAGE, ProgramTest

COMMANDS = ("init", "check", "resolve", "fetch", "import", "analyze", "run", "refresh", "explain", "export", "status")
STUDY = """[study]
title = "A test"
window = { from = 2012, to = 2025 }

[scope]
works_of = ["people"]
max_authors = 100

[analysis]
counting = "fractional"
metrics = ["degree", "strength"]

[influence]
team = "north"
institutions = ["ridge"]
until = 2025-01-22
"""
PEOPLE = """key,name,teams,orcid,openalex
lin,Meixiu Lin,north,0000-0002-1825-0097,A5000000001
wei,Tao Wei,north;south,,
"""
INSTITUTIONS = """key,name,parent,openalex,ror
ridge,Ridge Laboratories,,I4200000001,05a28rw58
east,Ridge Laboratories East,ridge,,
"""


class StudyFilesTest(ProgramTest):
    """A sound study, from which each test breaks one thing."""

    def setUp(self):
        super().setUp()
        self.path = self.folder / "study"
        self.path.mkdir()
        self.write("study.toml", STUDY)
        self.write("people.csv", PEOPLE)
        self.write("institutions.csv", INSTITUTIONS)

    def write(self, name, content):
        data = content if isinstance(content, bytes) else content.encode()
        (self.path / name).write_bytes(data)

    def replace(self, name, old, new):
        """Replaces a text that stands once in a file of the study. :return: its line"""
        content = (self.path / name).read_text()
        self.assertEqual(content.count(old), 1, f"{old!r} in {name}")
        self.write(name, content.replace(old, new))
        return content[:content.index(old)].count("\n") + 1

    def assert_refused(self, *parts, code=CONFIGURATION, command="check"):
        """The command fails with one line on stderr that holds every part; nothing is left behind."""
        result = self.run_program(command, self.path, expect=code)
        self.assertEqual(result.out, "", str(result))
        lines = result.err.splitlines()
        self.assertEqual(len(lines), 1, str(result))
        for part in parts:
            self.assertIn(part, lines[0])
        self.assertFalse((self.path / "dataset.sqlite").exists())
        return lines[0]

    def assert_toml_refused(self, old, new, *parts):
        line = self.replace("study.toml", old, new)
        return self.assert_refused(f"study.toml, line {line}", *parts)


class Sound(StudyFilesTest):
    """What is right."""

    def test_the_study_itself(self):
        self.run_program("check", self.path, expect=OK)
        self.run_program("check", self.path / "study.toml", expect=OK)

    def test_plain_list_of_names(self):
        self.write("study.toml", "[study]\n")
        self.write("people.csv", "Meixiu Lin\n# a remark\n\nWei, Tao\nPetra Novák\n")
        self.assertEqual(self.run_program("check", self.path, "--json", expect=OK).json()["people"], 3)

    def test_roster_as_spreadsheets_save_it(self):
        self.write("people.csv", b"\xef\xbb\xbf" + PEOPLE.replace("\n", "\r\n").encode() + b",,,,\r\n")
        self.assertEqual(self.run_program("check", self.path, "--json", expect=OK).json()["people"], 2)

    def test_made_by_init_it_only_lacks_names(self):
        self.run_program("init", self.folder / "new", expect=OK)
        result = self.run_program("check", self.folder / "new", expect=CONFIGURATION)
        self.assertIn("people.csv", result.err)
        people = self.folder / "new" / "people.csv"
        people.write_text(people.read_text() + "lin,Meixiu Lin,,,,,,,,,\n")
        self.run_program("check", self.folder / "new", expect=OK)


class StudyToml(StudyFilesTest):
    """Mistakes in study.toml."""

    def test_wrong_types(self):
        self.assert_toml_refused("max_authors = 100", 'max_authors = "many"', "max_authors", "'many'", "whole number")

    def test_wrong_type_of_list(self):
        self.assert_toml_refused('works_of = ["people"]', 'works_of = "people"', "works_of", "'people'", "list")

    def test_wrong_type_of_date(self):
        self.assert_toml_refused("until = 2025-01-22", 'until = "2025-01-22"', "until", "'2025-01-22'", "date")

    def test_unknown_key_names_the_nearest(self):
        self.assert_toml_refused("max_authors = 100", "max_autors = 100", "'max_autors'", "'max_authors'")

    def test_unknown_table_names_the_nearest(self):
        self.assert_toml_refused("[analysis]", "[analisis]", "'analisis'", "'analysis'")

    def test_duplicate_key(self):
        line = self.replace("study.toml", "max_authors = 100", "max_authors = 100\nmax_authors = 50")
        self.assert_refused(f"study.toml, line {line + 1}", "max_authors")

    def test_duplicate_table(self):
        self.write("study.toml", STUDY + "\n[scope]\nmax_authors = 3\n")
        self.assert_refused(f"study.toml, line {STUDY.count(chr(10)) + 2}", "scope")

    def test_no_toml_at_all(self):
        self.assert_toml_refused("[study]", "<study>", "study.toml")

    def test_impossible_window(self):
        self.assert_toml_refused("from = 2012", "from = 2026", "2026", "2025")

    def test_no_year(self):
        self.assert_toml_refused("from = 2012", "from = 12", "'12'", "1000 to 2999")

    def test_not_utf8(self):
        line = self.replace("study.toml", '"A test"', '"A test XX"')
        self.write("study.toml", (self.path / "study.toml").read_bytes().replace(b"XX", b"\xe9"))
        self.assert_refused(f"study.toml, line {line}", "0xe9", "UTF-8")

    def test_unknown_source(self):
        self.assert_toml_refused("[scope]", "[sources.openalexx]\n\n[scope]", "'openalexx'", "'openalex'", "arxiv")

    def test_unknown_metric(self):
        self.assert_toml_refused('"degree"', '"degre"', "'degre'", "'degree'", "pagerank")

    def test_unknown_counting(self):
        self.assert_toml_refused('"fractional"', '"fractal"', "'fractal'", "full, fractional, pair")

    def test_unknown_team(self):
        self.assert_toml_refused('team = "north"', 'team = "nort"', "'nort'", "'north'")

    def test_unknown_institution(self):
        self.assert_toml_refused('["ridge"]', '["rigde"]', "'rigde'", "'ridge'")

    def test_key_in_the_file_is_refused_and_not_repeated(self):
        secret = "sk-canary-4711"
        for setting in ("key", "api_key", "key_env"):
            with self.subTest(setting):
                self.write("study.toml", STUDY + f'\n[sources.openalex]\n{setting} = "{secret}"\n')
                message = self.assert_refused(f"study.toml, line {STUDY.count(chr(10)) + 3}", setting)
                self.assertNotIn("canary", message)

    def test_key_file_that_others_can_read(self):
        self.write("openalex.key", "sk-canary-4711\n")
        self.write("study.toml", STUDY + '\n[sources.openalex]\nkey_file = "openalex.key"\n')
        os.chmod(self.path / "openalex.key", 0o644)
        self.assertNotIn("canary", self.assert_refused("openalex.key", "chmod 600"))
        os.chmod(self.path / "openalex.key", 0o600)
        self.run_program("check", self.path, expect=OK)

    def test_base_url_must_be_https_unless_it_is_this_machine(self):
        self.write("study.toml", STUDY + '\n[sources.openalex]\nbase_url = "http://example.org"\n')
        self.assert_refused("http://example.org", "https")
        for url in ("https://example.org", "http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"):
            with self.subTest(url):
                self.write("study.toml", STUDY + f'\n[sources.openalex]\nbase_url = "{url}"\n')
                self.run_program("check", self.path, expect=OK)


class CsvFiles(StudyFilesTest):
    """Mistakes in people.csv and the tables beside it."""

    def assert_cell_refused(self, name, old, new, *parts):
        line = self.replace(name, old, new)
        return self.assert_refused(f"{name}, line {line}", *parts)

    def test_empty_roster(self):
        for content in ("", "key,name\n", "# nobody yet\n", "name\n,\n"):
            with self.subTest(content):
                self.write("people.csv", content)
                self.assert_refused("people.csv")

    def test_missing_files(self):
        (self.path / "people.csv").unlink()
        self.assert_refused("people.csv", code=NO_INPUT)
        (self.path / "study.toml").unlink()
        self.assert_refused("study.toml", code=NO_INPUT)

    def test_orcid_with_a_wrong_check_digit(self):
        self.assert_cell_refused("people.csv", "0000-0002-1825-0097", "0000-0002-1825-0098", "0000-0002-1825-0098",
                                 "check digit")

    def test_malformed_openalex_id(self):
        self.assert_cell_refused("people.csv", "A5000000001", "W5000000001", "'W5000000001'", "OpenAlex")

    def test_repeated_person(self):
        message = self.assert_cell_refused("people.csv", "wei,Tao", "lin,Tao", "'lin'")
        self.assertIn("line 2", message)

    def test_two_people_of_one_name_in_a_plain_list(self):
        self.write("people.csv", "Meixiu Lin\nTao Wei\nMEIXIU LIN\n")
        self.assert_refused("people.csv, line 3", "meixiu-lin")

    def test_unknown_column(self):
        self.assert_cell_refused("people.csv", "orcid", "orchid", "'orchid'", "'orcid'")

    def test_too_many_cells(self):
        self.assert_cell_refused("people.csv", "north;south,,", "north,south,,", "6 cells", "5 columns")

    def test_not_utf8(self):
        self.write("people.csv", PEOPLE.encode().replace(b"Tao", b"T\xe4o"))
        self.assertRegex(self.assert_refused("people.csv", "UTF-8"), r"line 3\b")

    def test_open_quote(self):
        self.write("people.csv", PEOPLE + '"novak,Petra\n')
        self.assertRegex(self.assert_refused("people.csv"), r"line 4\b")

    def test_institutions(self):
        self.assert_cell_refused("institutions.csv", "East,ridge", "East,rigde", "'rigde'", "'ridge'")

    def test_institution_above_itself(self):
        self.assert_cell_refused("institutions.csv", "Laboratories,,", "Laboratories,east,", "ridge")

    def test_malformed_ror(self):
        self.assert_cell_refused("institutions.csv", "05a28rw58", "05a28", "'05a28'", "ROR")

    def test_decisions(self):
        head = "person,source,author_id,work,decision,by,date,why\n"
        good = "lin,openalex,A5000000001,,same,me,2026-11-23,known\n"
        for line, parts in (("lina,openalex,A5,,same,,,\n", ("'lina'", "'lin'")),
                            ("lin,openalex,A5000000001,,maybe,,,\n", ("'maybe'", "same")),
                            ("lin,,A5000000001,,same,,,\n", ("source",)),
                            ("lin,openalex,A5000000001,,different,,,\n", ("line 2",)),
                            ("lin,openalex,A5000000001,,same,,2026-13-01,\n", ("'2026-13-01'",))):
            with self.subTest(line):
                self.write("identities.csv", head + good + line)
                self.assert_refused("identities.csv, line 3", *parts)
        self.write("identities.csv", head + good)
        self.run_program("check", self.path, expect=OK)

    def test_relations(self):
        self.write("relations.csv", "from,to,kind,from_date,to_date,source_url\nlin,wei,advisor,2012,2016,nowhere\n")
        self.assert_refused("relations.csv, line 2", "'nowhere'", "https://")


class CommandLine(StudyFilesTest):
    """Usage, help and version."""

    def test_usage_errors(self):
        for arguments in ((), ("frobnicate",), ("check",), ("check", self.path, "--nonsense"),
                          ("check", self.path, "x"),
                          ("check", self.path, "--threads", "0"), ("check", self.path, "--progress", "sometimes"),
                          ("fetch", self.path, "--max-time", "soon"), ("import", self.path),
                          ("explain", self.path, "lin"), ("export", self.path, "--format", "csv")):
            with self.subTest(arguments):
                result = self.run_program(*arguments, expect=USAGE)
                self.assertEqual(result.out, "")
                self.assertTrue(result.err.strip(), "nothing on stderr")

    def test_unknown_export_format_names_the_known_ones(self):
        result = self.run_program("export", self.path, "--format", "csvv", "-o", "x", expect=USAGE)
        self.assertIn("'csvv'", result.err)
        self.assertIn("'csv'", result.err)

    def test_help_has_an_example_for_every_command(self):
        overview = self.run_program("--help", expect=OK)
        self.assertEqual(overview.err, "")
        for command in COMMANDS:
            with self.subTest(command):
                self.assertRegex(overview.out, rf"(?m)^ *{command}\b")
                result = self.run_program(command, "--help", expect=OK)
                self.assertEqual(result.err, "")
                self.assertRegex(result.out, rf"(?s)Example.*\n *coterie {command} \S+")

    def test_examples_in_the_help_can_be_typed(self):
        """Every option an example shows is one the command, or the program, knows."""
        common = self.run_program("--help", expect=OK).out
        for command in COMMANDS:
            text, _, example = self.run_program(command, "--help", expect=OK).out.partition("Example")
            for option in re.findall(r"(?<= )--?[a-z][a-z-]*", example):
                self.assertRegex(common + text, rf"(?<![\w-]){option}(?![\w-])", command)

    def test_version(self):
        result = self.run_program("--version", expect=OK)
        self.assertRegex(result.out, r"^coterie \d+\.\d+\.\d+\S*\n$")

    def test_no_colour_and_no_bars_off_a_terminal(self):
        result = self.run_program("check", self.path, "--progress", "auto", expect=OK)
        self.assertNotIn("\x1b", result.out + result.err)


if __name__ == "__main__":
    unittest.main()
