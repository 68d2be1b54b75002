//! Which backends the command line chose.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use anyhow::Context as _;
use rh_agent::{Builder, DesktopSource, EncoderSource, InputSource, ScreenSource, VirtualSources};
use rh_input::{Injector, InputError};

/// Which screens.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Screens {
    /// Where pictures come from: screencapturekit, x11, pattern or virtual-desktop; this machine's
    /// own displays if left out.
    #[arg(long, value_name = "BACKEND")]
    screen: Option<rh_capture::Backend>,
}

/// Which backends of every kind.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Backends {
    #[command(flatten)]
    screens: Screens,
    /// Where input goes: cgevent, xtest or recorder; what fits the screen if left out.
    #[arg(long, value_name = "BACKEND")]
    input: Option<rh_input::Backend>,
    /// What compresses: videotoolbox, openh264 or mock; this machine's best if left out.
    #[arg(long, value_name = "BACKEND")]
    encoder: Option<rh_codec::Backend>,
}

/// The chosen backends.
pub(crate) struct Sources {
    pub(crate) screens: Arc<dyn ScreenSource>,
    pub(crate) encoders: Arc<dyn EncoderSource>,
    pub(crate) inputs: Arc<dyn InputSource>,
    pub(crate) desktops: Arc<dyn DesktopSource>,
}

impl Screens {
    fn backend(&self) -> anyhow::Result<rh_capture::Backend> {
        match self.screen {
            Some(backend) => Ok(backend),
            None => rh_capture::Backend::detect().context(
                "this machine shows no desktop; --screen virtual-desktop shows one in memory",
            ),
        }
    }

    /// The screens alone.
    pub(crate) fn source(&self) -> anyhow::Result<Arc<dyn ScreenSource>> {
        Ok(Arc::new(self.backend()?))
    }
}

impl Backends {
    /// All of them, chosen to fit one another.
    pub(crate) fn sources(&self) -> anyhow::Result<Sources> {
        let screen = self.screens.backend()?;
        let virtual_desktop = screen == rh_capture::Backend::VirtualDesktop;
        let desk = VirtualSources::default();
        let input = self.input.unwrap_or_else(rh_input::Backend::detect);
        let desktop = match screen {
            rh_capture::Backend::X11 | rh_capture::Backend::ScreenCaptureKit => {
                rh_session::desktop::Backend::native()
            }
            rh_capture::Backend::Pattern | rh_capture::Backend::VirtualDesktop | _ => {
                rh_session::desktop::Backend::Mock
            }
        };
        Ok(Sources {
            screens: if virtual_desktop { Arc::new(desk.clone()) } else { Arc::new(screen) },
            encoders: Arc::new(self.encoder.unwrap_or_else(rh_codec::Backend::best)),
            inputs: match self.input {
                None if virtual_desktop => Arc::new(desk),
                _ => Arc::new(KeptInput { backend: input, program: this_program()? }),
            },
            desktops: Arc::new(desktop),
        })
    }

    /// Gives them to `builder`.
    pub(crate) fn apply(&self, builder: Builder) -> anyhow::Result<Builder> {
        let Sources { screens, encoders, inputs, desktops } = self.sources()?;
        Ok(builder.screens(screens).encoders(encoders).inputs(inputs).desktops(desktops))
    }
}

/// This very program, also after its file was replaced by another version, where the system can tell.
fn this_program() -> anyhow::Result<PathBuf> {
    let running = PathBuf::from("/proc/self/exe");
    if running.exists() {
        return Ok(running);
    }
    std::env::current_exe().context("cannot tell where this program is, to start its input keeper")
}

/// Input that this program lets go of in a second process, should it be killed.
struct KeptInput {
    backend: rh_input::Backend,
    program: PathBuf,
}

impl InputSource for KeptInput {
    fn open(&self) -> Result<Box<dyn Injector>, InputError> {
        self.backend.open()
    }

    fn keeper(&self) -> Option<Command> {
        let mut command = Command::new(&self.program);
        command.arg("keep-input").arg(self.backend.to_string());
        Some(command)
    }
}
