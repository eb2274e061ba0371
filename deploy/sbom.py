"""What a release is made of, as CycloneDX 1.5: every crate that is linked into the binary, with version, licence and checksum.

Prints JSON. `cargo metadata` says what the lock file holds for this platform; nothing is downloaded beyond what a build needs.
"""

import json
import pathlib
import re
import subprocess
import sys

PACKAGE = "muster"


def host() -> str:
    version = subprocess.run(["rustc", "-vV"], check=True, capture_output=True, text=True).stdout
    return re.search(r"^host: (.*)$", version, re.MULTILINE).group(1)


def metadata(platform: str) -> dict:
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", platform]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def linked(found: dict, root: str) -> list[str]:
    """The packages that a package needs when it runs, itself first: no build scripts, no tests."""
    nodes = {node["id"]: node for node in found["resolve"]["nodes"]}
    seen, left = [], [root]
    while left:
        package = left.pop()
        if package in seen:
            continue
        seen.append(package)
        for dependency in nodes[package]["deps"]:
            if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                left.append(dependency["pkg"])
    return seen


def checksums() -> dict[tuple[str, str], str]:
    lock = pathlib.Path("Cargo.lock").read_text()
    entries = re.findall(r'name = "(.+)"\nversion = "(.+)"\nsource = ".+"\nchecksum = "(.+)"', lock)
    return {(name, version): checksum for name, version, checksum in entries}


def component(package: dict, sums: dict[tuple[str, str], str]) -> dict:
    name, version = package["name"], package["version"]
    described = {
        "type": "application" if name == PACKAGE else "library",
        "bom-ref": f"pkg:cargo/{name}@{version}",
        "name": name,
        "version": version,
        "purl": f"pkg:cargo/{name}@{version}",
    }
    if package.get("license"):
        # Old manifests write a slash for "or".
        described["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
    if (name, version) in sums:
        described["hashes"] = [{"alg": "SHA-256", "content": sums[name, version]}]
    return described


def main() -> None:
    found = metadata(host())
    packages = {package["id"]: package for package in found["packages"]}
    root = next(id for id, package in packages.items() if package["name"] == PACKAGE and package["source"] is None)
    ids, sums = linked(found, root), checksums()
    parts = sorted((component(packages[id], sums) for id in ids), key=lambda part: part["purl"])
    edges = {node["id"]: [d["pkg"] for d in node["deps"] if d["pkg"] in ids] for node in found["resolve"]["nodes"]}
    ref = {id: f"pkg:cargo/{packages[id]['name']}@{packages[id]['version']}" for id in ids}
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": component(packages[root], sums)},
        "components": [part for part in parts if part["name"] != PACKAGE],
        "dependencies": [{"ref": ref[id], "dependsOn": sorted({ref[to] for to in edges[id]})} for id in sorted(ids)],
    }
    json.dump(bom, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
