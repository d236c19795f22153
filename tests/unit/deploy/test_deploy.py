"""What deploy/ holds is read by the tools that it is made for, and names only settings and files that there are."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from router.settings import load_settings

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
MANIFESTS = sorted(path for path in (DEPLOY / "kubernetes").glob("*.yaml") if path.name != "kustomization.yaml")
KEY = base64.b64encode(bytes(32)).decode()
GIVEN = {
    "POSTGRES_PASSWORD": "word",
    "STORE_SECRET": "word",
    "TOKEN_KEY": KEY,
    "SEALING_KEY": KEY,
    "LOOKUP_KEY": KEY,
}


def tool(name: str, *arguments: str, **environment: str) -> str:
    """What a tool of the virtual environment prints; it fails where the tool finds fault."""
    path = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}
    command = [str(Path(sys.executable).with_name(name)), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=path | environment, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_dockerfile_has_nothing_to_complain_about() -> None:
    tool("hadolint", str(DEPLOY / "Dockerfile"))


def test_the_dockerfile_copies_only_what_the_build_context_has() -> None:
    shown = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for line in (DEPLOY / "Dockerfile").read_text().splitlines():
        if not line.startswith("COPY ") or "--from" in line:
            continue
        for source in line.split()[1:-1]:
            found = [ROOT] if source == "." else list(ROOT.glob(source))
            assert found, f"{source} is not there"
            first = source.split("/")[0]
            assert source == "." or first in shown, f"{source} is hidden by .dockerignore"


def compose() -> dict[str, Any]:
    arguments = ["--project-directory", str(DEPLOY), "-f", str(DEPLOY / "compose.yaml"), "config"]
    return dict(yaml.safe_load(tool("docker-compose", *arguments, **GIVEN)))


def test_the_nodes_of_compose_start_with_settings_that_the_program_takes() -> None:
    services = compose()["services"]
    assert {"nginx", "yingda-1", "yingda-2", "postgres", "redis", "store"} <= services.keys()
    for name in ("yingda-1", "yingda-2"):
        settings = load_settings([], services[name]["environment"])
        assert settings.redis.url == "redis://redis:6379/0"
        assert services["nginx"]["networks"]["inside"]["ipv4_address"] in settings.server.trusted_proxies
        assert "healthcheck" not in services[name], "the image says what is healthy"
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert [port["host_ip"] for port in ports] == ["127.0.0.1"], "nothing but nginx is reached from outside"


def test_compose_starts_only_with_secrets_of_its_own() -> None:
    command = [str(Path(sys.executable).with_name("docker-compose")), "-f", str(DEPLOY / "compose.yaml")]
    command += ["--project-directory", str(ROOT / "tests"), "config", "-q"]
    done = subprocess.run(command, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}, check=False)
    assert done.returncode != 0
    assert "secrets.sh" in done.stderr


def test_secrets_are_made_once_for_its_owner_alone_and_fit(tmp_path: Path) -> None:
    script = tmp_path / "secrets.sh"
    shutil.copy(DEPLOY / "secrets.sh", script)
    subprocess.run(["sh", str(script)], check=True, capture_output=True)
    made = tmp_path / ".env"
    assert made.stat().st_mode & 0o777 == 0o600
    values = dict(line.split("=", 1) for line in made.read_text().splitlines())
    assert values.keys() == GIVEN.keys()
    assert all(len(base64.b64decode(values[name])) == 32 for name in ("TOKEN_KEY", "SEALING_KEY", "LOOKUP_KEY"))
    assert re.fullmatch(r"[A-Za-z0-9]{20,}", values["POSTGRES_PASSWORD"]), "it stands in an address"
    again = subprocess.run(["sh", str(script)], check=False, capture_output=True, text=True)
    assert again.returncode == 1
    assert made.read_text().splitlines() == [f"{name}={value}" for name, value in values.items()]


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.stem)
def test_kubernetes_takes_every_manifest(manifest: Path) -> None:
    tool("kubernetes-validate", "--strict", "--quiet", str(manifest))


def documents() -> list[dict[str, Any]]:
    return [document for path in MANIFESTS for document in yaml.safe_load_all(path.read_text())]


def test_the_manifests_name_only_settings_that_the_program_takes() -> None:
    given: dict[str, str] = {}
    for document in documents():
        given |= document.get("data", {}) | document.get("stringData", {})
    filled = {"YINGDA_SECURITY__SEALING_KEYS": f'["{KEY}"]', "YINGDA_DATABASE__URL": "postgresql://postgres/yingda"}
    settings = load_settings([], given | filled)
    assert settings.uploads.url == "s3://yingda/uploads"


def test_everything_that_lies_there_is_applied() -> None:
    kustomization = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text())
    assert {path.name for path in MANIFESTS} - set(kustomization["resources"]) == {"secret.example.yaml"}


def test_no_container_may_more_than_it_must() -> None:
    for document in documents():
        template = document.get("spec", {})
        template = template.get("jobTemplate", {}).get("spec", template)
        pod = template.get("template", {}).get("spec")
        if pod is None:
            continue
        assert pod["securityContext"]["runAsNonRoot"], document["metadata"]["name"]
        for container in pod["containers"]:
            context = container["securityContext"]
            assert context["readOnlyRootFilesystem"]
            assert not context["allowPrivilegeEscalation"]
            assert context["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["limits"]["memory"]


def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if nginx is None:
        pytest.skip("there is no nginx on this machine to read deploy/nginx.conf")
    text = (DEPLOY / "nginx.conf").read_text()
    for name in ("yingda-1", "yingda-2"):  # names that only the network of the nodes knows
        assert f"server {name}:8000" in text
        text = text.replace(f"server {name}:8000", "server 127.0.0.1:8000")
    text = text.replace("/tmp/", f"{tmp_path}/").replace("include /etc/nginx/mime.types;", "")
    (tmp_path / "nginx.conf").write_text(text)
    command = [nginx, "-t", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)]
    done = subprocess.run([*command, "-g", "error_log stderr;"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_prometheus_takes_the_alerts() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("there is no promtool on this machine to read deploy/prometheus/alerts.yml")
    rules = str(DEPLOY / "prometheus" / "alerts.yml")
    done = subprocess.run([promtool, "check", "rules", rules], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
