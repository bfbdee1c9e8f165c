"""What a tree of files looks like, completely enough to compare."""

import os


def picture(home):
    """Everything that an exact undo restores."""
    seen = {}
    for directory, names, files in os.walk(home):
        for name in names + files:
            path = os.path.join(directory, name)
            status = os.lstat(path)
            row = [status.st_mode, status.st_uid, status.st_gid]
            if os.path.islink(path):
                row = [os.readlink(path)]
            elif os.path.isfile(path):
                row += [status.st_mtime_ns, open(path, "rb").read()]
            seen[os.path.relpath(path, home)] = row
    return seen
