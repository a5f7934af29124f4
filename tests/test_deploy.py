"""What is deployed starts commands that exist, with options that they have, and nothing as root."""

from __future__ import annotations

import re
import shlex
from configparser import RawConfigParser
from pathlib import Path

import pytest
import typer
import yaml

from api.cli.app import app

DEPLOY = Path(__file__).parents[1] / "deploy"
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


class Unit(RawConfigParser):
    """A unit file: keys keep their case, and may come again."""

    def optionxform(self, optionstr):
        return optionstr


def assert_understood(command):
    program, name, *arguments = command
    assert Path(program).name == "wfm"
    known = {option for parameter in COMMANDS[name].params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert {argument for argument in arguments if argument.startswith("--")} <= known


@pytest.mark.parametrize("name", ["wfm.service", "wfm-worker@.service"])
def test_units_start_what_there_is_with_next_to_no_rights(name):
    unit = Unit(strict=False)
    unit.read(DEPLOY / name, encoding="utf-8")
    service = unit["Service"]
    assert_understood(shlex.split(service["ExecStart"]))
    assert (service["DynamicUser"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("yes", "yes", "strict")
    assert service["CapabilityBoundingSet"] == ""
    assert "MemoryDenyWriteExecute" not in service  # kernels are compiled at run time
    assert f"--data /var/lib/{service['StateDirectory']}" in service["ExecStart"]


def test_the_compose_file_runs_several_of_each_on_one_postgresql():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    ours = {name: service for name, service in services.items() if service["image"].startswith("wfm-planner")}
    assert ours.keys() == {"api", "worker", "ray-head", "ray-worker"}
    for service in ours.values():
        assert service["environment"]["WFM_DATABASE"].startswith("postgresql+psycopg://wfm:${POSTGRES_PASSWORD:?")
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).exists()
    for name in ("api", "worker"):
        assert_understood(ours[name]["command"])
        assert ours[name]["deploy"]["replicas"] > 1


def test_the_image_runs_the_service_as_a_user_of_its_own():
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").splitlines()
    (command,) = [yaml.safe_load(line.removeprefix("CMD ")) for line in lines if line.startswith("CMD ")]
    assert_understood(command)
    assert "USER wfm" in lines
    copied = {word for line in lines for word in re.findall(r"^COPY (?!--from)(.*) \S+$", line)}
    files = {name for group in copied for name in group.split()}
    assert all((DEPLOY.parent / name).exists() for name in files)
    assert {"wfm", "models", "data", "api"} <= files
