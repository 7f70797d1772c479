"""Writes gansu-2024.xlsx with openpyxl: a roster as organisers send it, with mistakes. All people are invented."""
import datetime
import pathlib
import random

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

RNG = random.Random(2024)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
AREAS = ["620102", "620103", "620104", "620105", "620502", "620503", "620602", "620702", "621002", "622901"]
WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
INSTITUTION = "甘肃省第五届汽车维修行业职业技能大赛组委会（办公室）"
ISSUER = INSTITUTION + "（甘肃省职业技能鉴定指导中心代章）"
WORKS = [("汽车维修工", "汽车机械维修工"), ("汽车维修工", "汽车电器维修工"), ("电工", "--"), ("焊工", "电焊工"), ("中式烹调师", "--")]
UNITS = ["兰州陇原汽车服务有限公司", "天水麦积技工学校", "白银恒信机电有限公司", "张掖祁连职业技术学院", "兰州金城技师学院"]


def resident():
    born = datetime.date(1968, 1, 1) + datetime.timedelta(days=RNG.randrange(13500))
    body = RNG.choice(AREAS) + born.strftime("%Y%m%d") + f"{RNG.randrange(1000):03d}"
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, WEIGHTS)) % 11]


def main():
    book = Workbook()
    sheet = book.active
    sheet.title = "获奖选手"
    sheet.append(["2024年甘肃省汽车维修行业职业技能大赛获奖选手名册"])
    sheet.merge_cells("A1:L1")
    sheet["A1"].font = Font(size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.append(["序号", "姓 名", "证件类型", "身份证号码", "工作单位", "职业", "工种/职业\n方向", "等级", "证书编号", "发证日期", "评价机构", "发证机关"])
    rows = []
    for n in range(1, 121):
        level = RNG.choice([2, 3, 3, 3, 4])
        work = RNG.choice(WORKS)
        code = f"S0000620001002{4}{level}J{n:05d}"
        name = RNG.choice(SURNAMES) + "".join(RNG.choice(GIVEN) for _ in range(RNG.choice([1, 2, 2])))
        rows.append([n, name, "居民身份证", resident(), RNG.choice(UNITS), *work, ["", "一级", "二级", "三级", "四级", "五级"][level], code, "2024-11-08", INSTITUTION, ISSUER])

    def spoil(row, column, value):
        rows[row - 1][column] = value

    spoil(4, 1, "张　三")
    spoil(9, 3, rows[8][3][:17] + ("0" if rows[8][3][17] != "0" else "1"))
    spoil(12, 9, "2024.11.8")
    spoil(13, 9, "2024年11月8日")
    spoil(14, 9, datetime.date(2024, 11, 8))
    spoil(17, 3, 620102199001011230)
    spoil(21, 6, "")
    spoil(22, 6, "——")
    spoil(23, 6, "无")
    spoil(26, 8, rows[25][8].lower())
    spoil(27, 8, rows[26][8].replace("S0000", "S000O"))
    spoil(28, 8, rows[27][8][:21])
    spoil(33, 7, "中级")
    spoil(34, 7, 3 if rows[33][7] != "三级" else 4)
    spoil(38, 2, "身份证")
    spoil(39, 2, 201)
    spoil(45, 8, rows[43][8])
    spoil(50, 3, "　" + rows[49][3] + " ")
    spoil(55, 4, "兰炼")
    spoil(60, 1, "买买提.艾力")
    spoil(66, 10, "")
    spoil(70, 9, "2024-02-30")
    spoil(75, 3, "620102900101123")
    spoil(80, 3, rows[80 - 2][3])
    spoil(88, 8, rows[87][8][:13] + "23" + rows[87][8][15:])
    spoil(95, 3, "620102********1234")
    spoil(101, 8, rows[100][8][:7] + "31" + rows[100][8][9:])
    spoil(110, 5, "=电工")
    for row in rows:
        sheet.append(row)
    sheet["F112"].data_type = "s"
    sheet.append([])
    sheet.append(["注：本表由大赛组委会办公室填报。"])
    sheet.append(["填表人：", None, "审核人："])
    for column, width in zip("ABCDEFGHIJKL", [6, 10, 14, 22, 26, 14, 18, 8, 26, 14, 30, 40]):
        sheet.column_dimensions[column].width = width
    # A fixed time, so that the file is the same each time it is made.
    book.properties.created = book.properties.modified = datetime.datetime(2024, 11, 12)
    book.save(pathlib.Path(__file__).with_name("gansu-2024.xlsx"))


main()
