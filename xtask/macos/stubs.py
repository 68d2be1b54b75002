#!/usr/bin/env python3
"""Writes stubs of Apple's libraries, against which LLD links: an SDK of text files.

usage: stubs.py OUT_DIR ZIG_LIB_DIR CRATES_DIR

libSystem's symbols are the real ones, which zig brings. A framework has the symbols that the crates
in CRATES_DIR (objc2-*, *-sys) declare for it in `extern` blocks: a name that we misspell in a block
of our own is found, and an error in those crates is not. Objective-C looks classes and selectors up
at run time: no linker checks them.

The format is TBD version 4 of LLVM (llvm/TextAPI).
"""
import pathlib
import re
import sys

TARGETS = "[ arm64-macos, x86_64-macos ]"

# What crates link without declaring the framework beside it.
BESIDES = {
    "CoreFoundation": "CFRelease CFRetain CFTimeZoneCopySystem CFTimeZoneGetName CFStringGetBytes "
    "CFStringGetLength CFStringGetCStringPtr CFStringCreateWithBytes kCFAllocatorDefault kCFAllocatorNull",
    "Foundation": "NSLog",
    "AppKit": "", "Carbon": "IsSecureEventInputEnabled", "CoreServices": "", "IOKit": "",
    "Security": "", "SystemConfiguration": "",
}

# What the Objective-C runtime has besides the functions that objc2 declares.
OBJC = {"__objc_empty_cache", "__objc_empty_vtable", "___objc_personality_v0", "_OBJC_EHTYPE_id"}


def source(crate):
    """The Rust source of a crate in one text, without comments."""
    files = sorted(crate.rglob("*.rs"))
    return "\n".join(re.sub(r"//[^\n]*", "", f.read_text(errors="replace")) for f in files)


def extern_blocks(text):
    """The insides of `extern "C"` blocks, and of objc2's macros for such."""
    opening = r'extern\s+"C(?:-unwind)?"\s*\{|extern_c!\s*\{|extern_c_unwind!\s*\{'
    for match in re.finditer(opening, text):
        depth, end = 1, match.end()
        while depth and end < len(text):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        yield text[match.end():end - 1]


def symbols(text):
    """The C symbols that a source declares, as a linker sees them."""
    found = set()
    for block in extern_blocks(text):
        found.update(re.findall(r"\bfn\s+(\w+)\s*[(<]", block))
        found.update(re.findall(r"\bstatic\s+(?:mut\s+)?(\w+)\s*:", block))
        found.update(re.findall(r'link_name\s*=\s*"\\?x?0?1?(\w+)"', block))
    return {"_" + name for name in found}


def write_stub(path, install_name, names, classes=()):
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        "--- !tapi-tbd", "tbd-version: 4", f"targets: {TARGETS}",
        f"install-name: '{install_name}'", "current-version: 1.0", "exports:",
        f"  - targets: {TARGETS}",
        "    symbols: [ " + ", ".join(f"'{name}'" for name in sorted(names)) + " ]",
    ]
    if classes:
        lines.append("    objc-classes: [ " + ", ".join(sorted(classes)) + " ]")
    text = "\n".join(lines) + "\n...\n"
    # Cargo links anew when a library is newer.
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def system(zig):
    """zig's stub of libSystem, for LLD: zig has arm64e alone, and some targets LLD cannot read."""
    text = (zig / "libc/darwin/libSystem.tbd").read_text()
    text = re.sub(r",\s*arm64e\.x1-\w+", "", text)
    return text if "arm64-macos" in text else text.replace("arm64e-macos", "arm64-macos")


def frameworks(crates):
    """Each framework with its symbols, and the symbols of the Objective-C runtime."""
    found, objc = {name: {"_" + it for it in more.split()} for name, more in BESIDES.items()}, set(OBJC)
    for crate in sorted(crates.glob("*/")):
        text = source(crate)
        name = crate.name.rsplit("-", 1)[0]
        if name in ("objc2", "objc2-exception-helper"):
            objc |= symbols(text)
            continue
        links = set(re.findall(r'link\(name\s*=\s*"(\w+)",\s*kind\s*=\s*"framework"\)', text))
        for link in links:
            found.setdefault(link, set()).update(symbols(text))
    return found, objc


def main(out, zig, crates):
    lib = out / "usr/lib"
    lib.mkdir(parents=True, exist_ok=True)
    for name in ("System", "System.B", "c", "m", "pthread", "dl", "util", "resolv"):
        (lib / f"lib{name}.tbd").write_text(system(zig))
    found, objc = frameworks(crates)
    for name, names in found.items():
        place = f"System/Library/Frameworks/{name}.framework"
        write_stub(out / place / f"{name}.tbd", f"/{place}/Versions/A/{name}", names)
    write_stub(lib / "libobjc.tbd", "/usr/lib/libobjc.A.dylib", objc, {"NSObject"})
    write_stub(lib / "libiconv.tbd", "/usr/lib/libiconv.2.dylib", {"_iconv", "_iconv_open", "_iconv_close"})
    print(f"macos: stubs of {len(found)} frameworks with {sum(map(len, found.values()))} symbols")


if __name__ == "__main__":
    main(*(pathlib.Path(argument) for argument in sys.argv[1:4]))
