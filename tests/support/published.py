"""Whether what is published is whole: every report against its own run.json, and `latest` against the reports."""

import hashlib
import json
import os

TEMPORARY = ".coterie-"


def report_faults(folder):
    """What is not as a report's run.json says. :param folder: the report's folder, not the link to it"""
    manifest = folder / "run.json"
    if not manifest.is_file():
        return [f"{folder.name}: no run.json"]
    try:
        told = {file["path"]: file for file in json.loads(manifest.read_bytes())["files"]}
    except (ValueError, KeyError) as error:
        return [f"{folder.name}/run.json: {error!r}"]
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {"run.json"}
    faults = [f"{folder.name}: {name} is {'missing' if name in told else 'not in run.json'}" for name in found ^ set(told)]
    for name in found & set(told):
        content = (folder / name).read_bytes()
        if (len(content), hashlib.sha256(content).hexdigest()) != (told[name]["bytes"], told[name]["sha256"]):
            faults.append(f"{folder.name}: {name} is not the file of run.json")
    return faults


def published_faults(study_folder):
    """What is torn among a study's reports: each is whole, and `latest` names one of them or is absent."""
    reports = study_folder / "reports"
    if not reports.exists():
        return []
    faults = []
    for entry in reports.iterdir():
        if entry.name == "latest":
            if not entry.is_symlink() or not (reports / os.readlink(entry)).is_dir():
                faults.append("latest leads nowhere")
        elif not entry.name.startswith(TEMPORARY):
            faults += report_faults(entry)
    return faults


def left_behind(study_folder, reads_only=False):
    """Temporary files and folders, and what SQLite keeps beside a dataset while it is written.

    :param reads_only: the last command only read the dataset: SQLite then leaves its (empty) log to the next writer
    """
    beside = ("-journal",) if reads_only else ("-journal", "-wal", "-shm")
    return [str(path.relative_to(study_folder)) for path in study_folder.rglob("*")
            if path.name.startswith(TEMPORARY) or path.name.endswith(beside)]
