"""Who may log in: one password for everybody, or the users of a file, which may change at any time."""

from __future__ import annotations

import hmac
import json
import os
import re
from pathlib import Path
from typing import Any

from pressgauge.errors import ConfigError, PressgaugeError

SHORTEST_PASSWORD = 8
_LARGEST = 1 << 20
_FORM = '{"a user\'s name": "a password of eight characters or more", ...}'
_LIKE_A_FILE = re.compile(r"[/\\]|\.[A-Za-z0-9]{1,5}$")


class Password:
    """One password, whatever name is given with it. Raises PressgaugeError when it is short."""

    def __init__(self, password: str) -> None:
        if len(password) < SHORTEST_PASSWORD:
            raise PressgaugeError(f"a password needs {SHORTEST_PASSWORD} characters or more")
        self._password = password

    def password(self, user: str) -> str | None:
        """The password of `user`, None when there is no such user."""
        return self._password

    def knows(self, user: str) -> bool:
        """Whether `user` is a name that was given to us, and not one that a stranger made up."""
        return False


class Users:
    """The users of a JSON file, an object of names and passwords, as it is at the moment of each question.

    Raises ConfigError when there is no such file, or one that cannot be used: then and at any question, so
    that a file that is taken away lets nobody in.
    """

    def __init__(self, file: str | Path) -> None:
        self.file = Path(file)
        self._state: tuple[int, int, int] | None = None
        self._users: dict[str, str] = {}
        self._current_users()

    def password(self, user: str) -> str | None:
        return self._current_users().get(user)

    def knows(self, user: str) -> bool:
        return user in self._current_users()

    def _current_users(self) -> dict[str, str]:
        try:
            stat = self.file.stat()
            state = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if state != self._state:
                self._state, self._users = None, {}
                self._users = self._parse_file()
                self._state = state
        except OSError as error:
            self._state = None
            raise self._error(f"the users file cannot be read ({error.strerror})") from error
        return self._users

    def _parse_file(self) -> dict[str, str]:
        with self.file.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        try:
            if len(content) > _LARGEST:
                raise ValueError("it is larger than a megabyte")
            users = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_without_doubles)
        except (ValueError, RecursionError) as error:
            raise self._error(f"the users file is no JSON that can be used: {error}") from error
        if not isinstance(users, dict) or not users:
            raise self._error("the users file names no users")
        for number, (name, password) in enumerate(users.items(), 1):
            if not name or not isinstance(password, str) or len(password) < SHORTEST_PASSWORD:
                # Neither name nor password: this is told in a log.
                raise self._error(f"user {number} has no name or a short password")
        return users

    def _error(self, problem: str) -> ConfigError:
        return ConfigError(self.file, None, problem, _FORM)


def users_of(value: str) -> Password | Users:
    """What `--basic-auth` means: the users of a file, or a password.

    What is or looks like a file is one, also when it is missing: its name must never become a password.
    Raises PressgaugeError when it cannot be used.
    """
    if os.path.lexists(value) or _LIKE_A_FILE.search(value):
        return Users(value)
    return Password(value)


def same(attempt: str, password: str) -> bool:
    """Whether two passwords are equal, in a time that does not tell how much of them is."""
    return hmac.compare_digest(attempt.encode("utf-8", "replace"), password.encode("utf-8", "replace"))


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name is given twice")
    return dict(pairs)
