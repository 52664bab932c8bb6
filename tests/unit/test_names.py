import pytest

from aggregator.names import is_account


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "Admin English",
        "Super User",
        "editor2",
        "Editor",
        "Quản trị cổng",
        "Ban quản trị",
        "quantri",
        "nvan.syt",
        "admin_ttyt",
        "Biên tập viên 3",
        "webmaster",
        "QT Quản trị cổng",
    ],
)
def test_an_accounts_name_is_known(name: str) -> None:
    assert is_account(name)


@pytest.mark.parametrize(
    "name", ["Hà An", "HM", "T.L.", "Ban Biên tập", "HCDC", "Khoa Quản trị bệnh viện", "P.V.", "Vy"]
)
def test_a_persons_or_an_offices_name_is_none(name: str) -> None:
    assert not is_account(name)
