"""What a dataset holds, told so that two datasets can be compared: without row numbers and without the course of events.

    python3 dataset_dump.py dataset.sqlite

Row numbers depend on the order of storing; each is told as the row it stands for. Times, calls and costs depend on when and
how often a source was asked; they are left out. Tables and columns are read from the file, so one that is added later is
compared from its first day unless it is named here.
"""

import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

# When and how dearly something was learnt, in any table.
COURSE_COLUMNS = {"fetched_at", "last_run", "since", "at", "complete_as_of", "calls", "cost", "checked", "checked_at",
                  "searched_at", "seen_at", "first_seen", "last_seen", "began", "ended", "started", "finished", "run", "not_before"}
# Tables that tell of runs and of answers, and not of works.
COURSE_TABLES = {"run", "pass", "runs", "allowance", "answer", "answers", "raw_answer"}


@contextmanager
def _opened(path):
    """A copy of a dataset that nobody writes: reading must leave nothing beside it, and may have to undo what was cut off."""
    with tempfile.TemporaryDirectory(prefix="coterie-dataset-") as folder:
        copy = Path(folder, Path(path).name)
        for suffix in ("", "-wal", "-journal"):
            if Path(f"{path}{suffix}").exists():
                shutil.copy(f"{path}{suffix}", f"{copy}{suffix}")
        with closing(sqlite3.connect(copy)) as database:
            yield database


class _Table:
    """A table's columns and keys."""

    def __init__(self, database, name):
        self.name = name
        columns = database.execute("SELECT name, type, pk FROM pragma_table_info(?)", (name,)).fetchall()
        self.columns = [column for column, _, _ in columns]
        self.numbers = {column for column, kind, _ in columns if kind.upper() == "INTEGER"}
        keys = [(pk, column, kind) for column, kind, pk in columns if pk]
        self.primary = [column for _, column, _ in sorted(keys)]
        # An only key that is a whole number is a row number, given by SQLite.
        self.number = keys[0][1] if len(keys) == 1 and keys[0][2].upper() == "INTEGER" else None
        self.references = {}  # column -> (table, its column)
        for parent, place, column, target in database.execute(
                'SELECT "table", seq, "from", "to" FROM pragma_foreign_key_list(?)', (name,)):
            self.references[column] = (parent, target, place)
        self.unique = next(([column for column, in database.execute("SELECT name FROM pragma_index_info(?)", (index,))]
                            for index, is_unique, origin in database.execute(
                                'SELECT name, "unique", origin FROM pragma_index_list(?)', (name,))
                            if is_unique and origin == "u"), None)


class DatasetDump:
    """The content of a dataset."""

    def __init__(self, path):
        with _opened(path) as self._database:
            names = [name for name, in self._database.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")]
            self._tables = {name: _Table(self._database, name) for name in names}
            self._rows = {}  # table -> row number -> what it stands for
            self.tables = {name: self._told(table) for name, table in self._tables.items()
                           if name not in COURSE_TABLES and (table.number is None or table.unique)}

    def lines(self):
        """One line per row, in a fixed order."""
        return [f"{name}: {row}" for name, rows in sorted(self.tables.items()) for row in rows]

    def _told(self, table):
        """Every row of a table, sorted. Rows that only their content names are told where they are referred to."""
        columns = [column for column in table.columns if column not in COURSE_COLUMNS and column != table.number]
        targets = [self._target(table, column) for column in columns]
        rows = self._database.execute(f'SELECT {", ".join(map(_quoted, columns))} FROM {_quoted(table.name)}')
        return sorted(repr(tuple(self._meant(target, value) for target, value in zip(targets, row))) for row in rows) \
            if columns else []

    def _target(self, table, column):
        """The table whose row numbers stand in a column, or None."""
        for _ in range(len(self._tables)):
            if column == table.number:
                return table.name
            if column not in table.references:
                parent = self._tables.get(column) if column in table.numbers else None
                return column if parent and parent.number == column else None
            parent, target, place = table.references[column]
            table = self._tables[parent]
            column = target or table.primary[place]
        return None

    def _meant(self, target, value):
        return value if target is None or value is None else self._row(target, value)

    def _row(self, name, number):
        """What identifies a row: its unique columns, or all it holds."""
        if name not in self._rows:
            table = self._tables[name]
            columns = table.unique or [column for column in table.columns
                                       if column != table.number and column not in COURSE_COLUMNS]
            self._rows[name] = {}
            targets = [self._target(table, column) for column in columns]
            for key, *row in self._database.execute(
                    f'SELECT {", ".join(map(_quoted, [table.number, *columns]))} FROM {_quoted(name)}').fetchall():
                self._rows[name][key] = tuple(self._meant(target, value) for target, value in zip(targets, row))
        return self._rows[name].get(number, f"no such {name}: {number}")


def _quoted(name):
    return '"' + name.replace('"', '""') + '"'


def dataset_lines(path):
    """The content of a dataset as sorted lines."""
    return DatasetDump(path).lines()


def dataset_faults(path):
    """What contradicts itself in a dataset: SQLite's own check, lost references, cursors that disagree with rows."""
    with _opened(path) as database:
        faults = [line for line, in database.execute("PRAGMA quick_check") if line != "ok"]
        faults += [f"lost reference in {row[0]}" for row in database.execute("PRAGMA foreign_key_check")]
        tables = {name for name, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        if not {"query", "query_record", "work"} <= tables:
            return faults  # killed before the tables were made
        # While a query is under way, its cursor stands behind exactly the records that it was seen to bring.
        for key, seen, rows in database.execute(
                "SELECT key, seen, (SELECT count(*) FROM query_record r WHERE r.query = q.query) FROM query q "
                "WHERE complete = 0 AND lookup = 0"):
            if seen != rows:
                faults.append(f"{key}: {seen} records counted, {rows} named")
        for key, id in database.execute(
                "SELECT q.key, r.id FROM query q JOIN query_record r USING (query) WHERE NOT EXISTS (SELECT * FROM work w "
                "JOIN source s USING (source) WHERE s.name = q.source AND w.id = r.id)"):
            faults.append(f"{key}: {id} counted, but not stored")
        for key, in database.execute("SELECT key FROM query WHERE complete = 1 AND cursor <> ''"):
            faults.append(f"{key}: complete, but with a cursor")
        return faults


if __name__ == "__main__":
    print("\n".join(dataset_lines(sys.argv[1])))
