//! A window of another process, which changes its colour when told to.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use rh_protocol::Display;

/// Reads lines of left, top, width, height (points from the top left of the main display), red,
/// green and blue, and answers each once it is drawn. AppKit counts from the bottom left.
const SCRIPT: &str = r"
ObjC.import('Cocoa');
const app = $.NSApplication.sharedApplication;
app.setActivationPolicy($.NSApplicationActivationPolicyAccessory);
const frame = $.NSMakeRect(0, 0, 64, 64);
const window = $.NSWindow.alloc.initWithContentRectStyleMaskBackingDefer(frame, 0, 2, false);
window.setLevel($.NSStatusWindowLevel);
const input = $.NSFileHandle.fileHandleWithStandardInput;
const output = $.NSFileHandle.fileHandleWithStandardOutput;
const main = $.NSScreen.screens.objectAtIndex(0).frame.size.height;
for (;;) {
  const data = input.availableData;
  if (data.length == 0) break;
  const line = $.NSString.alloc.initWithDataEncoding(data, $.NSUTF8StringEncoding).js;
  const [x, y, w, h, r, g, b] = line.trim().split(' ').map(Number);
  window.setFrameDisplay($.NSMakeRect(x, main - y - h, w, h), true);
  window.setBackgroundColor($.NSColor.colorWithSRGBRedGreenBlueAlpha(r, g, b, 1));
  window.orderFrontRegardless;
  window.display;
  $.NSRunLoop.currentRunLoop.runUntilDate($.NSDate.dateWithTimeIntervalSinceNow(0.05));
  output.writeData($('drawn\n').dataUsingEncoding($.NSUTF8StringEncoding));
}
";

/// Ends with its owner.
pub(crate) struct Painter {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    painted: u32,
}

impl Painter {
    pub(crate) fn start() -> Self {
        let mut command = Command::new("osascript");
        command.args(["-l", "JavaScript", "-e", SCRIPT]);
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = child.expect("osascript starts (it is part of macOS)");
        let orders = child.stdin.take().expect("a pipe");
        let answers = BufReader::new(child.stdout.take().expect("a pipe"));
        Self { child, orders, answers, painted: 0 }
    }

    /// Paints somewhere on `display`, in another place and colour each time.
    pub(crate) fn paint(&mut self, display: &Display) {
        self.painted += 1;
        let shade = f64::from(self.painted % 16) / 16.0;
        let step =
            |extent: u32| (self.painted * 37 % extent.saturating_sub(200).max(1)).cast_signed();
        let (x, y) = (display.x + step(display.width), display.y + step(display.height));
        let (red, green) = (shade, 1.0 - shade);
        writeln!(self.orders, "{x} {y} 120 80 {red} {green} 0.5").expect("osascript listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("osascript answers");
        assert_eq!(answer.trim(), "drawn", "osascript ended");
    }
}

impl Drop for Painter {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
