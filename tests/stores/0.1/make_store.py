"""Makes the store of this folder and its two backups with the program of commit 9122bf8 (`skillcert 0.1.0`, schema 2), the last
one that wrote audit entries from literals. Every person is invented; check digits are computed.

Usage: make_store.py PROGRAM FOLDER. Times are those of the run, so a second run makes another store of the same kind: what is
kept here is kept for good and never made anew.
"""
import fcntl
import json
import os
import pathlib
import pty
import select
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import termios
import time

PASSPHRASE = "correct horse battery staple"
LABELS = ["姓名", "证件类型", "证件号码", "所在单位", "职业名称", "工种/职业方向", "职业技能等级", "证书编号", "发证日期", "评价机构", "发证机构"]
PREFIX, OLD = "S000062010001", "S000062010009"
NAME = "样例省机械行业职业技能大赛组委会"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"


def resident(n):
    body = f"6201021975{n // 28 % 12 + 1:02d}{n % 28 + 1:02d}{n:03d}"
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights)) % 11]


def row(n, code="", level="2", day="2024-11-08", prefix=PREFIX):
    name = "张" + GIVEN[n % 20] + GIVEN[n // 20 % 20]
    body = NAME if prefix == PREFIX else "样例市旧竞赛组委会"
    return [name, "201", resident(n), "样例机械有限公司", "汽车维修工", "汽车机械维修工", level, code, day, body, body + "(代章)"]


class Desk:
    def __init__(self, program, folder):
        self.program, self.folder, self.home = program, folder, "home"

    def run(self, *arguments, said="", expected=0):
        command = [self.program, "--home", self.home, *arguments]
        ran = subprocess.run(command, cwd=self.folder, input=said, capture_output=True, text=True)
        if ran.returncode != expected:
            sys.exit(f"{' '.join(command)}: {ran.returncode}\n{ran.stdout}{ran.stderr}")
        return ran.stdout

    def talk(self, *arguments, said):
        return self.run("--plain", *arguments, said=said)

    def csv(self, name, rows):
        lines = [",".join(cells) for cells in [LABELS, *rows]]
        (self.folder / name).write_text("\n".join(lines) + "\n")
        return name

    def store(self):
        return sqlite3.connect(self.folder / self.home / "skillcert.sqlite3")

    def code(self, serial, year=24, level=2, prefix=PREFIX):
        return f"{prefix}{year}{level}J{serial:05d}"


def institutions(desk):
    add = lambda prefix, name, *more: desk.run("institution", "add", prefix, "--name", name, "--profile", "gansu-competition", *more)
    add(PREFIX, NAME, "--from", "2020-01-01", "--kind", "竞赛", "--filed-on", "2019-12-01", "--contact", "张三 13800000000", "--reason", "备案")
    for n in range(2, 6):
        add(f"S00006201000{n}", f"样例市第{n}竞赛组委会")
    add(OLD, "样例市旧竞赛组委会")
    desk.run("institution", "change", "S000062010002", "--name", "样例市第二竞赛组委会（新）", "--from", "2023-05-01")
    desk.run("institution", "seal", "S000062010002", "--name", "样例专用章", "--from", "2021-01-01", "--electronic-from", "2022-01-01")
    (desk.folder / "scope.csv").write_text("职业名称,职业编码,工种名称,认定等级,标准\n汽车维修工,4-12-01-01,汽车机械维修工,三级/二级,国家职业标准\n电工,6-31-01-03,,五级/四级,\n")
    desk.run("institution", "scope", "S000062010002", "scope.csv")
    desk.run("institution", "merge", "S000062010006", "--name", "样例市联合竞赛组委会", "--of", "S000062010003", "--of", "S000062010004", "--on", "2024-06-30", "--reason", "合并", "--profile", "gansu-competition")
    desk.run("institution", "absorb", "S000062010006", "--of", "S000062010005", "--on", "2024-07-31")
    desk.run("institution", "cancel", OLD, "--on", "2023-12-31", "--reason", "停办")


def batches(desk):
    # An import that was killed: the next one of the same file takes its place.
    desk.csv("名册.csv", [row(n) for n in range(1, 13)])
    desk.talk("open", "--profile", "gansu-competition", "名册.csv", said="quit\n")
    with desk.store() as db:
        db.execute("UPDATE batch SET complete = 0, row_count = 0, sha256 = NULL")
    desk.talk("open", "--profile", "gansu-competition", "名册.csv", said="edit\n甲\nquit\n")
    said = "go-to-row\n3\nrecord\nunmask\n4\nedit\n乙公司\nundo\nredo\nquit\n"
    desk.talk(said=said)
    # A fix of many cells stands in the chain by its digest.
    desk.csv("多处.csv", [[*row(n, desk.code(n, 22), day="2022.11.8")] for n in range(100, 130)])
    desk.talk("open", "多处.csv", said="fix-all\ny\nquit\n")
    # Somebody on another host holds the batch.
    with desk.store() as db:
        db.execute("INSERT INTO session (pid, started, user, host, since, what) VALUES (4711, NULL, 'li', 'office-2', '2026-11-20T08:00:00Z', 'workbench')")
        db.execute("INSERT INTO claim SELECT max(b.id), max(s.id), '2026-11-20T08:00:00Z' FROM batch b, session s")
    desk.talk(said="take-over\ny\nquit\n")
    with desk.store() as db:
        db.execute("DELETE FROM claim")
        db.execute("DELETE FROM session")
    # An import that is given up before its rows are all there.
    desk.csv("大名册.csv", [row(n % 900) for n in range(400_000)])
    command = [desk.program, "--home", desk.home, "open", "--profile", "gansu-competition", "大名册.csv"]
    pid, screen = pty.fork()
    if pid == 0:
        os.chdir(desk.folder)
        os.environ["TERM"] = "xterm"
        os.execv(command[0], command)
    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    # Esc while it is being read, y, and out of the list of files by Ctrl-C.
    for wait, keys in [(1.0, b"\x1b"), (0.7, b"y"), (1.5, b"\x03"), (1.5, b"")]:
        end = time.monotonic() + wait
        try:
            while time.monotonic() < end:
                if select.select([screen], [], [], 0.05)[0]:
                    os.read(screen, 65536)
            os.write(screen, keys)
        except OSError:
            break
    os.waitpid(pid, 0)


def numbers(desk):
    batch = "2"
    on = ["--today", "2026-11-20"]
    desk.run("ledger", "reserve", PREFIX, "--year", "24", "--level", "2", "--profile", "gansu-competition", "--count", "4", "--reason", "纸质名册", *on)
    desk.run("ledger", "reserve", PREFIX, "--year", "24", "--level", "2", "--profile", "gansu-competition", "--from", "21", "--to", "22", "--reason", "外来号段", *on)
    desk.run("ledger", "allocate", "--batch", batch, "--prefix", PREFIX, "--reason", "第一批", *on)
    desk.csv("补录.csv", [row(n) for n in (40, 41)])
    desk.run("ledger", "allocate", "补录.csv", "--profile", "gansu-competition", "--prefix", PREFIX, "--reserved", *on)
    old = [row(n, desk.code(n - 60, 23, prefix=OLD), day="2023-11-08", prefix=OLD) for n in (65, 66, 68)]
    desk.csv("去年.csv", old)
    desk.run("ledger", "import", "去年.csv", "--profile", "gansu-competition", "--status", "published", "--reason", "旧号", *on)
    desk.run("ledger", "import", desk.csv("又.csv", [*old, row(69, desk.code(9, 23, prefix=OLD), day="2023-11-08", prefix=OLD)]), "--status", "accepted", *on)
    first = 23
    mark = lambda status, *codes, reason="": desk.run("ledger", "mark", status, *codes, *(["--reason", reason] if reason else []))
    export = lambda name: desk.run("export", "--batch", batch, "-o", name, "--format", "csv", "--reason", "上报", "--without-errors")
    export("上报.csv")
    mark("submitted", "--batch", batch)
    mark("returned", desk.code(first), desk.code(first + 1), reason="照片不清")
    # What was edited since goes into the record when the file is written again.
    desk.talk("open", "名册.csv", said="go-to-row\n2\nrecord\n4\nedit\n丙公司\nquit\n")
    export("再报.csv")
    mark("submitted", desk.code(first))
    mark("accepted", "--batch", batch)
    mark("published", "--batch", batch)
    desk.run("ledger", "void", desk.code(3), "--reason", "打错")
    desk.run("ledger", "void", desk.code(21), "--to", desk.code(22), "--reason", "退号")
    desk.run("ledger", "export", "--year", "2024", "-o", "年.csv")
    desk.run("ledger", "export", "--year", "2023", "-o", "年全.csv", "--unmask", "--reason", "存档")


def cases(desk):
    code = lambda n: desk.code(n)
    open_case = lambda kind, code, *more: desk.run("case", "open", kind, code, "--reason", "申请", "--on", "2026-11-20", *more)
    open_case("correct", code(25), "--set", "姓名=张新", "--photo", "新照片.jpg")
    open_case("correct", code(26), "--set", "所在单位=丁公司")
    open_case("reissue", code(27), "--cause", "lost", "--paper", "身份证原件")
    open_case("revoke", code(28), "--benefits-cancelled", "2026-11-01", "--authority", "样例省厅")
    open_case("revoke", code(29))
    open_case("reissue", code(30), "--cause", "damaged")
    for case in "1345":
        desk.run("case", "approve", case, "--reference", "样人社函〔2026〕9号", "--on", "2026-11-25")
    desk.run("case", "refuse", "2", "--reason", "材料不全")
    desk.run("case", "refuse", "5", "--reason", "撤回")
    desk.run("case", "export", "1", "-o", "更正.csv")
    desk.run("case", "close", "1", "--reason", "已更正")
    desk.run("case", "close", "3", "--reason", "已补发")
    desk.run("case", "close", "4", "--reason", "已撤销", "--withdrawn", "2026-11-26")


def copies(desk):
    (desk.folder / "word").write_text(PASSPHRASE + "\n")
    # Given since the backup, and reserved numbers spent since: putting it back leaves a gap and voids.
    desk.run("backup", "-o", "before.skillcert-backup")
    desk.run("ledger", "reserve", PREFIX, "--year", "24", "--level", "3", "--profile", "gansu-competition", "--count", "2", "--reason", "之后")
    desk.run("ledger", "void", desk.code(4), "--reason", "之后")
    desk.run("restore", "--yes", "before.skillcert-backup")
    # Back to an older state by hand: the file outside knows better, until somebody says that this is all there is.
    shutil.copy(desk.folder / "home/skillcert.sqlite3", desk.folder / "kept")
    desk.run("ledger", "reserve", PREFIX, "--year", "24", "--level", "4", "--profile", "gansu-competition", "--count", "1", "--reason", "丢失")
    shutil.copy(desk.folder / "kept", desk.folder / "home/skillcert.sqlite3")
    desk.run("audit", "accept", "--reason", "只有这一份")
    # A backup over a store that cannot be asked: numbers are refused until somebody says how it stands.
    desk.run("backup", "-o", "last.skillcert-backup")
    desk.run("ledger", "void", desk.code(2), "--reason", "打错")
    (desk.folder / "home/skillcert.sqlite3").write_bytes(b"no database " * 4096)
    desk.run("restore", "--yes", "last.skillcert-backup")
    desk.run("audit", "accept", "--reason", "此后没有发过号")
    desk.run("audit", "show", "--unmask", "--reason", "抽查")
    desk.run("ledger", "reserve", PREFIX, "--year", "24", "--level", "5", "--profile", "gansu-competition", "--count", "3", "--reason", "纸质名册")


def main(program, target):
    with tempfile.TemporaryDirectory(prefix="skillcert-store-") as folder:
        desk = Desk(str(pathlib.Path(program).resolve()), pathlib.Path(folder))
        for part in (institutions, batches, numbers, cases, copies):
            part(desk)
        desk.run("ledger", "verify")
        desk.run("audit", "verify")
        # What was deleted leaves its room in the file.
        with desk.store() as db:
            db.isolation_level = None
            db.execute("VACUUM")
        desk.run("audit", "verify")
        desk.run("backup", "-o", "plain.skillcert-backup")
        desk.run("backup", "-o", "locked.skillcert-backup", "--passphrase-file", "word")
        for name in ("home/skillcert.sqlite3", "home/skillcert.head", "plain.skillcert-backup", "locked.skillcert-backup"):
            shutil.copy(desk.folder / name, pathlib.Path(target) / pathlib.Path(name).name)
        # What the program told of every certificate: a later one tells the same.
        with desk.store() as db:
            codes = [code for (code,) in db.execute("SELECT code FROM certificate ORDER BY id")]
        lives = {code: json.loads(desk.run("ledger", "show", code, "--format", "json"))["events"] for code in codes}
        (pathlib.Path(target) / "lives.json").write_text(json.dumps(lives, ensure_ascii=False, indent=1) + "\n")
        with desk.store() as db:
            for action, count in db.execute("SELECT action, count(*) FROM audit GROUP BY action ORDER BY action"):
                print(count, action)


if __name__ == "__main__":
    main(*sys.argv[1:])
