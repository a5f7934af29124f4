import pytest

SHIFTS = """# comment
SECTION_HORIZON
7

SECTION_SHIFTS
E,480,
L,600,E

SECTION_STAFF
# ID, MaxShifts, MaxTotalMinutes, MinTotalMinutes, MaxConsecutiveShifts, MinConsecutiveShifts, MinConsecutiveDaysOff, MaxWeekends
A,E=7|L=2,2400,1440,3,2,2,1
B,E=7|L=0,2400,960,5,1,2,1
C,E=4|L=7,3000,960,4,2,1,0

SECTION_DAYS_OFF
A,0
B,3,4

SECTION_SHIFT_ON_REQUESTS
A,2,L,3
B,1,E,2

SECTION_SHIFT_OFF_REQUESTS
C,1,E,4

SECTION_COVER
"""


@pytest.fixture
def shifts_file(tmp_path):
    """Three employees, one week, two shifts; one E and, on Tuesday to Friday, one L a day."""
    lines = [f"{day},E,1,100,1\n{day},L,{int(0 < day < 5)},50,2" for day in range(7)]
    path = tmp_path / "tiny.txt"
    path.write_text(SHIFTS + "\n".join(lines) + "\n", encoding="ascii")
    return path
