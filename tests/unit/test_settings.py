"""Settings: file, environment and command line in this order, and every fault named with its place in one line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from pydantic import TypeAdapter

from database.settings import DatabaseSettings
from router.settings import Settings, load_settings
from router.settings_sources import DEFAULT_FILE, SECRETS, SettingsError


def written(folder: Path, text: str) -> list[str]:
    file = folder / "config.yaml"
    file.write_text(text, encoding="utf-8")
    return ["--config", str(file)]


def faults(argv: list[str], environ: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load_settings(argv, environ or {})
    assert "\n".join(caught.value.faults) == str(caught.value)
    return caught.value.faults


def leaves(values: object, inside: tuple[str, ...] = ()) -> dict[tuple[str, ...], object]:
    if isinstance(values, dict) and values:
        return {
            location: value
            for key, deeper in values.items()
            for location, value in leaves(deeper, (*inside, key)).items()
        }
    return {inside: values}


def test_the_file_states_every_setting_with_the_default_of_the_code() -> None:
    in_code = leaves(TypeAdapter(Settings).dump_python(Settings(), mode="json"))
    in_file = leaves(yaml.safe_load(DEFAULT_FILE.read_text(encoding="utf-8")))
    in_file.pop(("admin",))
    assert in_file == {location: value for location, value in in_code.items() if location not in SECRETS}


def test_every_setting_of_the_file_has_a_comment_near() -> None:
    lines = DEFAULT_FILE.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if re.match(r"^[a-z_]+:$", line) or re.match(r"^data_dir", line):
            nearby = [*lines[max(number - 3, 0) : number], *lines[number + 1 : number + 2]]
            assert any(near.strip().startswith("#") for near in nearby), f"config.yaml:{number + 1}: {line}"
    for name in SECRETS.values():
        assert any(name in line for line in lines if line.strip().startswith("#"))


def test_the_environment_goes_over_the_file_and_the_command_line_over_both(tmp_path: Path) -> None:
    argv = written(tmp_path, "server: {host: 10.0.0.1, port: 1000, drain_seconds: 3}\n")
    environ = {"YINGDA_SERVER__PORT": "2000", "YINGDA_SERVER__DRAIN_SECONDS": "4"}

    settings = load_settings([*argv, "--set", "server.drain_seconds=5"], environ)

    assert (settings.server.host, settings.server.port, settings.server.drain_seconds) == ("10.0.0.1", 2000, 5)
    assert load_settings([*argv, "--port", "3000"], environ).server.port == 3000


def test_the_names_of_the_contract_are_understood(tmp_path: Path) -> None:
    settings = load_settings(
        written(tmp_path, ""),
        {
            "YINGDA_DATABASE__URL": "postgresql://db/yingda",
            "YINGDA_DATABASE__ALLOW_UNSAFE_DURABILITY": "true",
            "YINGDA_REDIS__URL": "redis://cache",
            "YINGDA_ROUTING__ASSIGNMENT": "pick",
            "YINGDA_SECURITY__IDENTITY_SECRETS": '{"k1": "a secret", "K2": "another"}',
            "YINGDA_DATA_DIR": "/srv/yingda",
            "YINGDA_ADMIN_PASSWORD": "[not a list",
            "YINGDA_ROUTING__HEAD_START__TIERS__ENTERPRISE": "700",
            "YINGDA_SECURITY__EMBEDDING_ORIGINS": "https://a.example, https://b.example",
            "YINGDA_SERVER__HOST": "",
            "YINGDA_PASSWORD": "of scripts.accounts",
        },
    )
    assert settings.database == DatabaseSettings(url="postgresql://db/yingda", allow_unsafe_durability=True)
    assert settings.redis.url == "redis://cache"
    assert settings.routing.assignment == "pick"
    assert settings.security.identity_secrets == {"k1": "a secret", "K2": "another"}
    assert settings.routing.head_start.tiers == {"free": 0, "standard": 60, "enterprise": 700, "strategic": 1200}
    assert settings.data_dir == Path("/srv/yingda")
    assert settings.admin.password == "[not a list"
    assert settings.security.embedding_origins == ("https://a.example", "https://b.example")
    assert settings.server.host == "127.0.0.1"


def test_a_wrong_value_is_named_with_file_and_line(tmp_path: Path) -> None:
    argv = written(tmp_path, "server:\n  port: 8000\n\nrouting:\n  # how\n  assignment: random\n")
    assert faults(argv) == (f"{argv[1]}:6: routing.assignment: should be 'auto', 'offer' or 'pick', not 'random'",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("server:\n  prot: 8000\n", ":2: server.prot: there is no such setting"),
        ("sever:\n  port: 8000\n", ":1: sever: there is no such setting"),
        ("bot:\n  answr_at: 0.8\n", ":2: bot.answr_at: there is no such setting"),
        ("encoder:\n  threads: -1\n", ":2: encoder.threads: must be 0 (all cores) or more"),
        ("bot:\n  answer_at: 0.9\n  max_options: 12\n", ":3: bot.max_options: must be from 1 to 9"),
        ("server:\n  port: 80\n  port: 81\n", ":3: server.port: stands here twice"),
        ("server:\n  port: 70000\n", ":2: server.port: should be less than or equal to 65535, not 70000"),
        (
            "hours:\n  weekly:\n    mon:\n      - '09:00-12:00'\n      - '25'\n",
            ":5: hours.weekly.mon.1: '25' is not like",
        ),
        ("hours:\n  weekly:\n    monday: []\n", ":3: hours.weekly.monday: should be 'mon'"),
        ("hours:\n  timezone: Asia/Peking\n", ":2: hours.timezone: there is no time zone 'Asia/Peking'"),
        ("sites:\n  default: other\n", ":2: sites.default: 'other' is not among sites.names"),
        ("customers:\n  default_tier: gold\n", ":2: customers.default_tier: 'gold' is not among"),
        ("database:\n  url: mysql://root:hunter2@db/x\n", ":2: database.url: should begin with postgresql://"),
        (
            "admin:\n  password: hunter2\n",
            ":2: admin.password: comes from the environment only (YINGDA_ADMIN_PASSWORD)",
        ),
        ("server:\n  port: [8000\n", ":3: not valid YAML: "),
        ("- server\n", ":1: should hold sections"),
        ("server: 8000\n", ":1: server: "),
    ],
)
def test_faults_of_the_file(text: str, expected: str, tmp_path: Path) -> None:
    argv = written(tmp_path, text)
    (fault,) = faults(argv)
    assert fault.startswith(argv[1] + expected)
    assert "\n" not in fault
    assert "hunter2" not in fault


def test_a_fault_in_the_environment_or_on_the_command_line_names_it(tmp_path: Path) -> None:
    argv = written(tmp_path, "server:\n  port: 8000\nhours:\n  weekly:\n    mon: ['09:00-10:00']\n")
    assert faults(argv, {"YINGDA_SERVER__PORT": "high"})[0].startswith(
        "environment: YINGDA_SERVER__PORT: server.port: "
    )
    assert faults(argv, {"YINGDA_SEVER__PORT": "1"}) == (
        "environment: YINGDA_SEVER__PORT: sever: there is no such setting",
    )
    assert faults([*argv, "--set", "server.port=x"])[0].startswith("command line: --set server.port: server.port: ")
    assert faults([*argv, "--set", "hours.weekly.mon=['9']"])[0].startswith("command line: --set hours.weekly.mon: ")
    assert faults([*argv, "--set", "port"])[0].startswith("command line: --set port: should be like")
    assert faults([*argv, "--set", "admin.password=x"])[0].endswith("from the environment only (YINGDA_ADMIN_PASSWORD)")


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    argv = written(tmp_path, "server:\n  port: x\nidle:\n  warn_minutes: 0\n")
    assert [fault.split(": ")[1] for fault in faults(argv)] == ["server.port", "idle.warn_minutes"]


def test_secrets_show_in_no_fault_and_in_no_repr(tmp_path: Path) -> None:
    argv = written(tmp_path, "")
    (fault,) = faults(argv, {"YINGDA_SECURITY__IDENTITY_SECRETS": "hunter2"})
    assert "hunter2" not in fault
    settings = load_settings(argv, {"YINGDA_ADMIN_PASSWORD": "hunter2", "YINGDA_SECURITY__TOKEN_KEY": "hunter2"})
    assert "hunter2" not in repr(settings)


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    assert faults(["--config", str(tmp_path / "none.yaml")]) == (f"{tmp_path}/none.yaml: No such file or directory",)


def test_paths_of_the_file_count_from_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    argv = written(tmp_path, "data_dir: data\n")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert load_settings(argv, {}).data_dir == tmp_path / "data"
    assert load_settings(argv, {}).knowledge.articles == tmp_path / "faq"
    assert load_settings(argv, {"YINGDA_DATA_DIR": "data"}).data_dir == elsewhere / "data"


def test_the_hours_become_the_calendar_of_the_line(tmp_path: Path) -> None:
    argv = written(tmp_path, "hours:\n  holidays: [2027-01-01]\n  weekly: {mon: ['09:00-12:00', '13:00-24:00']}\n")
    calendar = load_settings(argv, {}).hours.calendar()
    assert calendar.text() == "周一 9:00–12:00、13:00–24:00"


def test_a_topic_that_always_goes_to_a_human_has_to_be_one(tmp_path: Path) -> None:
    routed = load_settings(written(tmp_path, "bot: {always_human: {账单/退款: 账务支持, 售前: 商务}}\n"), {})
    assert routed.bot.group_for("账单/退款") == "账务支持"
    assert routed.bot.group_for("售前/价格") == "商务"
    assert routed.bot.group_for("账单/发票") is None
    assert "is not among the topics" in faults(written(tmp_path, "bot: {always_human: {退款: 账务支持}}\n"))[0]


def test_kept_questions_count_from_the_folder_of_the_file(tmp_path: Path) -> None:
    argv = written(tmp_path, "knowledge: {kept_questions: [mine/*.jsonl, /srv/all.jsonl]}\n")
    assert load_settings(argv, {}).knowledge.kept_questions == (tmp_path / "mine/*.jsonl", Path("/srv/all.jsonl"))
    assert load_settings(argv, {"YINGDA_KNOWLEDGE__KEPT_QUESTIONS": "[]"}).knowledge.kept_questions == ()
