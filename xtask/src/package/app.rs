//! The app bundle, as a tree of files: everything but the signature.
//!
//! ```text
//! Remote Help.app/Contents/
//!   Info.plist  PkgInfo
//!   MacOS/rh-agent
//!   Resources/AppIcon.icns
//!   Library/LaunchAgents/BUNDLE_ID.agent.plist
//! packaging/
//!   entitlements.plist  components.plist  distribution.xml
//! ```
//!
//! What stands in `packaging` is for the scripts that sign and pack the bundle on a Mac.

#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use plist::Value;

use super::icon;
use super::ids::BundleId;

/// The bundle id of our own builds. Whoever distributes builds of theirs chooses one, and keeps it:
/// permissions, profiles and receipts hang on it.
pub(crate) const BUNDLE_ID: &str = "org.example.remotehelp";

/// The bundle's folder.
const APP: &str = "Remote Help.app";

/// The program in it, as `Info.plist` and the launch agent name it.
const PROGRAM: &str = "rh-agent";

/// A property list or XML file of the tree, and the template that it is made from.
struct Template {
    /// Where it goes; `@BUNDLE_ID@` stands for the id.
    path: &'static str,
    text: &'static str,
}

macro_rules! template {
    ($path:expr, $name:literal) => {
        Template { path: $path, text: include_str!(concat!("../../../packaging/macos/", $name)) }
    };
}

const TEMPLATES: [Template; 5] = [
    template!("Remote Help.app/Contents/Info.plist", "Info.plist"),
    template!(
        "Remote Help.app/Contents/Library/LaunchAgents/@BUNDLE_ID@.agent.plist",
        "launch-agent.plist"
    ),
    template!("packaging/entitlements.plist", "entitlements.plist"),
    template!("packaging/components.plist", "components.plist"),
    template!("packaging/distribution.xml", "distribution.xml"),
];

/// What the bundle is made of.
#[derive(Debug)]
pub(crate) struct App<'a> {
    pub(crate) bundle: &'a BundleId,
    /// The built program.
    pub(crate) binary: &'a Path,
    /// Three numbers, joined by periods.
    pub(crate) version: &'a str,
}

impl App<'_> {
    /// Writes the tree into the folder `out`, which need not exist yet.
    ///
    /// # Errors
    ///
    /// If the program is not there, a bundle is already in `out`, or a file cannot be written.
    pub(crate) fn write(&self, out: &Path) -> Result<()> {
        let app = out.join(APP);
        if app.exists() {
            bail!("{} is there already: remove it, or choose another folder", app.display());
        }
        for (path, content) in self.files()? {
            let path = out.join(path);
            fs::create_dir_all(path.parent().context("a file is in a folder")?)?;
            fs::write(&path, content).with_context(|| format!("writing {}", path.display()))?;
        }
        // A copy of the file keeps its permission to be run.
        let program = app.join("Contents/MacOS").join(PROGRAM);
        fs::create_dir_all(program.parent().context("a file is in a folder")?)?;
        fs::copy(self.binary, &program)
            .with_context(|| format!("copying {}", self.binary.display()))?;
        eprintln!("wrote {}, {} {}", app.display(), self.bundle, self.version);
        Ok(())
    }

    /// Every file but the program, by its path from the folder.
    fn files(&self) -> Result<Vec<(PathBuf, Vec<u8>)>> {
        if !is_version(self.version) {
            bail!("`{}` is no version of a bundle: three numbers are", self.version);
        }
        let mut files = Vec::new();
        for template in TEMPLATES {
            let (path, text) = (self.fill(template.path), self.fill(template.text));
            if path.ends_with(".plist") {
                Value::from_reader_xml(text.as_bytes()).with_context(|| path.clone())?;
            }
            files.push((PathBuf::from(path), text.into_bytes()));
        }
        let contents = Path::new(APP).join("Contents");
        // Type and creator of the bundle, as `CFBundlePackageType` has it.
        files.push((contents.join("PkgInfo"), b"APPL????".to_vec()));
        files.push((contents.join("Resources/AppIcon.icns"), icon::icns()?));
        Ok(files)
    }

    fn fill(&self, template: &str) -> String {
        let text = template.replace("@BUNDLE_ID@", &self.bundle.to_string());
        text.replace("@VERSION@", self.version)
    }
}

/// Apple, Bundle Resources, `CFBundleVersion`: one to three period-separated integers; ours has three.
fn is_version(text: &str) -> bool {
    text.split('.').count() == 3 && text.split('.').all(|it| it.parse::<u32>().is_ok())
}
