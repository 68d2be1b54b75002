//! Puts the built web pages where the binary embeds them from, or a page that says they are not
//! built. No network, no Node: `cargo xtask web` builds the pages.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it")).join("web");
    let (web, placeholder) = (root.join("../../web"), root.join("assets/placeholder.html"));
    let dist = web.join("dist");

    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;
    if dist.join("index.html").exists() {
        copy(&dist, &out)?;
        println!("cargo::rerun-if-changed={}", dist.display());
    } else {
        fs::copy(&placeholder, out.join("index.html"))?;
        // The folder that `dist` will appear in: a path that does not exist would mean a rebuild
        // every time.
        let watched = if web.exists() { web } else { root.join("../..").join("Cargo.toml") };
        println!("cargo::rerun-if-changed={}", watched.display());
    }
    println!("cargo::rerun-if-changed={}", placeholder.display());
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&target)?;
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
