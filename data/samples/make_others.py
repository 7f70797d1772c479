"""Writes a sample roster for each of the other profiles: xlsx by openpyxl, xls by xlwt, csv by hand. All people are invented."""
import csv
import datetime
import pathlib
import random

import xlwt
from openpyxl import Workbook

RNG = random.Random(2026)
HERE = pathlib.Path(__file__).parent
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
GRADES = ["", "一级", "二级", "三级", "四级", "五级"]
UPLOAD = ["姓名", "证件类型", "证件号码", "所在单位", "职业名称", "工种/职业方向", "职业技能等级", "证书编号", "发证日期", "评价机构", "发证机构"]


def resident(area, man):
    born = datetime.date(1970, 1, 1) + datetime.timedelta(days=RNG.randrange(12000))
    body = area + born.strftime("%Y%m%d") + f"{RNG.randrange(100):02d}{RNG.choice('13579' if man else '02468')}"
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, WEIGHTS)) % 11]


def name():
    return RNG.choice(SURNAMES) + "".join(RNG.choice(GIVEN) for _ in range(RNG.choice([1, 2, 2])))


def sheet_of(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.properties.created = book.properties.modified = datetime.datetime(2024, 11, 12)
    return book


def sichuan():
    rows = []
    for n in range(1, 41):
        man = n % 2 == 1
        award = ["金奖/第一名", "银奖/第二名", "铜奖/第三名", "一等奖/第一名"][n % 4]
        rows.append([n, name(), "男" if man else "女", resident("510104", man), "成都蜀都机械有限公司", RNG.choice(["电工", "焊工"]), "三级", "省级一类", award])
    rows[3][2] = "男"
    rows[7][7] = "一类"
    rows[11][8] = "金奖"
    rows[15][3] = rows[15][3][:17] + ("0" if rows[15][3][17] != "0" else "1")
    rows[19][6] = "高级"
    rows[23][2] = "男性"
    rows[27][3] = rows[26][3]
    head = [["四川省省级职业技能竞赛获奖选手获取职业证书申报汇总表"], ["大赛名称：第二届机械行业职业技能大赛"], ["大赛牵头主办单位名称（盖章）：", None, None, None, "单位地址：", None, None, "联系电话："]]
    labels = ["序号", "姓名", "性别", "身份证", "工作单位", "申报职业（工种）", "申报等级", "竞赛类别", "奖牌类别/名次"]
    book = sheet_of(head + [labels] + rows + [["备注：1.申报等级是指参赛人员申请的职业证书等级。"]])
    book.active.merge_cells("A1:I1")
    book.save(HERE / "sichuan-summary-2021.xlsx")


def upload_rows(count, area, prefix, year, day, level, serial, employer, institution, body, token):
    rows = []
    for n in range(1, count + 1):
        work = [("电工", token), ("焊工", "电焊工"), ("车工", token)][n % 3]
        code = f"{prefix}{year}{level}{n:0{serial}d}"
        rows.append([name(), "居民身份证", resident(area, n % 2 == 1), employer, *work, GRADES[level], code, day, institution, body])
    return rows


def guangdong():
    rows = upload_rows(40, "440105", "S000044012001", 25, "2025-11-07", 3, 6, "广州样例数控设备有限公司", "广州样例技师学院", "广州样例技师学院", "--")
    rows[4][7] = "S000044102001253000005"
    rows[8][7] = "S000044011001253000009"
    rows[12][7] = "Y" + rows[12][7][1:]
    rows[16][5] = "——"
    rows[20][4] = "国家职业资格电工"
    rows[24][9] = "广东样例技师学院"
    rows[28][7] = rows[28][7][:16] + "J" + rows[28][7][17:]
    with (HERE / "guangdong-2025.csv").open("w", encoding="gbk", newline="") as out:
        csv.writer(out).writerows([UPLOAD] + rows)


def beijing():
    rows = upload_rows(40, "110108", "S000011084001", 22, "2022-11-08", 4, 6, "", "", "北京样例技能培训学校", "——")
    rows[4][7] = rows[4][7].replace("1108400", "1103400")
    rows[8][7] = rows[8][7].replace("4001", "2003", 1)
    rows[12][7] = rows[12][7].replace("4001", "7500", 1)
    rows[16][5] = ""
    rows[20][8] = "2022.11.8"
    rows[24][10] = "中国样例技能协会"
    rows[28][7] = rows[28][7][:16] + "J" + rows[28][7][17:]
    rows[32][7] = "S000111020001225000001"
    keep = [0, 1, 2, 4, 5, 6, 7, 8, 10]
    labels = ["持证人姓名", "证件类型", "证件号码", "职业名称", "工种/职业方向", "职业技能等级", "证书编号", "发证日期", "发证机构名称"]
    sheet_of([labels] + [[row[i] for i in keep] for row in rows]).save(HERE / "beijing-2022.xlsx")


def guizhou():
    firm = "贵州样例机械有限公司"
    rows = upload_rows(40, "520103", "Y000052002008", 20, "2020-11-06", 3, 6, firm, firm, firm, "—")
    rows[4][7] = "Y0000520020083000005"
    rows[8][7] = rows[8][7][:16] + "100009"
    rows[12][3] = "贵阳样例物业有限公司"
    rows[16][5] = "--"
    rows[20][7] = rows[20][7][:16] + "J00021"
    rows[24][7] = "S000052001001203000029"
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("名册")
    labels = [label if label != "工种/职业方向" else "工种名称" for label in UPLOAD]
    for r, row in enumerate([labels] + rows):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    book.save(str(HERE / "guizhou-2020.xls"))


def national():
    rows = upload_rows(30, "350102", "S000035001051", 24, "2024-11-08", 3, 6, "福州样例电子有限公司", "福建样例技工学校", "福建样例技工学校", "--")
    rows[4][7] = "S000099001051243000005"
    rows[8][7] = rows[8][7][:16] + "000000"
    rows[12][7] = rows[12][7][:15] + "6" + rows[12][7][16:]
    rows[16][7] = "A" + rows[16][7][1:]
    with (HERE / "national-2024.csv").open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows([UPLOAD] + rows)


sichuan()
guangdong()
beijing()
guizhou()
national()
