#!/usr/bin/env python3
"""Writes members.csv: an invented gym exports its members, as spreadsheets do. No row is a real person's.

Who leaves follows from visits, distance, the plan, complaints and the tenure, and from chance. What is wrong with the
file is wrong on purpose: README.md lists it.
"""
import datetime
import math
import pathlib
import random
import unicodedata

rng = random.Random(20130)
FIRST = "Anna Ben Carla David Elif Finn Gina Hugo Inés Jörg Kim Lena Marek Nora Omar Petra Quin René Sofía Tim".split()
LAST = "Abel Brandt Çelik Duval Engel Fischer Gruber Haas Ivanov Jung Köhler Lang Moser Novak Ortiz Peters".split()
TODAY = datetime.date(2026, 1, 31)


def german(number, digits=2):
    """1234.5 as 1.234,50"""
    return f"{number:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def ascii_only(name):
    """René as Rene"""
    return unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode()


def member(number):
    """The fields of one row."""
    first, last = rng.choice(FIRST), rng.choice(LAST)
    plan = rng.choices(["basic", "plus", "student"], [5, 3, 2])[0]
    days = int(rng.triangular(30, 2500, 300))
    age = rng.randint(18, 29) if plan == "student" else int(rng.triangular(18, 75, 34))
    distance = rng.expovariate(1 / 4) + 0.2
    visits = min(int(rng.gammavariate(1.6, 3.2)), 28)
    complaints = rng.choices([0, 1, 2, 3], [75, 16, 6, 3])[0]
    score = 1.2 - 0.55 * visits + 0.16 * distance + 0.9 * complaints - 0.0005 * days
    score += {"basic": 0.3, "plus": -0.6, "student": 0.5}[plan]
    left = rng.random() < 1 / (1 + math.exp(-score))
    fee = {"basic": 24.9, "plus": 39.9, "student": 17.9}[plan] * (1 if days > 900 else 1.1)
    reason = rng.choice(["moved away", "too expensive", "no time"]) if left else ""
    return [
        f"M{number:05}",
        f"{first} {last}",
        f"{ascii_only(first)}.{ascii_only(last)}{number}@example.org".lower(),
        (TODAY - datetime.timedelta(days=days)).strftime("%d.%m.%Y"),
        plan,
        german(fee) + " €",
        german(fee * days / 30),
        str(visits),
        "-999" if rng.random() < 0.08 else str(age),
        "?" if rng.random() < 0.05 else german(distance, 1),
        str(complaints),
        reason,
        "yes" if left else "no",
    ]


HEADER = "member_no;name;email;joined;plan;monthly_fee;paid_so_far;visits_last_month;age;distance_km;complaints;exit_reason;left"
rows = [member(number) for number in range(1, 901)]
for row in rng.sample(rows, 7):
    rows.append(list(row))
rng.shuffle(rows)
total = german(sum(float(row[6].replace(".", "").replace(",", ".")) for row in rows))
lines = ["Members of FitHaus, exported 31.01.2026", HEADER, *(";".join(row) for row in rows), f"Total;;;;;;{total};;;;;;"]
path = pathlib.Path(__file__).with_name("members.csv")
path.write_bytes("".join(line + "\r\n" for line in lines).encode("windows-1252"))
