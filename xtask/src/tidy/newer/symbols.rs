//! What macOS has only since a version later than 12.3, which is the oldest that we support.
//!
//! Source: `API_AVAILABLE` in the headers of Apple's SDK, which Apple's documentation repeats under
//! "Availability". A symbol that a new dependency on the system needs is added here first.

/// A version of macOS.
pub(super) type Version = (u32, u32);

/// Classes: looked up by name when they are first used; a missing one ends the program.
pub(super) const CLASSES: &[(Version, &[&str])] = &[
    // ServiceManagement, SMAppService.h.
    ((13, 0), &["SMAppService"]),
    // ScreenCaptureKit, SCContentSharingPicker.h, SCScreenshotManager.h, SCShareableContent.h.
    ((14, 0), &["SCContentSharingPicker", "SCScreenshotManager", "SCShareableContentInfo"]),
    // ScreenCaptureKit, SCRecordingOutput.h.
    ((15, 0), &["SCRecordingOutput"]),
    // ScreenCaptureKit, SCScreenshotManager.h.
    ((26, 0), &["SCScreenshotConfiguration", "SCScreenshotOutput"]),
];

/// Methods: looked up by name when they are called; a missing one ends the program. A property
/// stands for its setter too.
pub(super) const METHODS: &[(Version, &[&str])] = &[
    // ScreenCaptureKit, SCStream.h, for sound.
    ((13, 0), &["capturesAudio", "sampleRate", "channelCount", "excludesCurrentProcessAudio"]),
    ((13, 0), &["synchronizationClock"]),
    // ScreenCaptureKit, SCStream.h, of SCContentFilter and SCStreamConfiguration.
    ((14, 0), &["pointPixelScale", "contentRect", "style", "streamType"]),
    ((14, 0), &["preservesAspectRatio", "streamName", "captureResolution", "shouldBeOpaque"]),
    ((14, 0), &["ignoreShadowsDisplay", "ignoreShadowsSingleWindow", "capturesShadowsOnly"]),
    ((14, 0), &["ignoreGlobalClipDisplay", "ignoreGlobalClipSingleWindow"]),
    ((14, 0), &["presenterOverlayPrivacyAlertSetting", "infoForFilter"]),
    ((14, 2), &["includeMenuBar", "includeChildWindows"]),
    ((14, 4), &["getCurrentProcessShareableContentWithCompletionHandler"]),
    ((15, 0), &["captureMicrophone", "microphoneCaptureDeviceID", "showMouseClicks"]),
    ((15, 0), &["captureDynamicRange", "addRecordingOutput_error", "initWithPreset"]),
    ((15, 2), &["includedDisplays", "includedApplications", "includedWindows"]),
    // AppKit, NSApplication.h and NSScreen.h.
    ((14, 0), &["yieldActivationToApplication", "displayLinkWithTarget_selector"]),
];

/// Functions and constants: Rust links them strongly, and a program that names one does not start
/// where it is missing, guarded or not. Its value or address must be looked up by name.
pub(super) const LINKED: &[(Version, &[&str])] = &[
    // ScreenCaptureKit, SCStream.h.
    ((13, 1), &["SCStreamFrameInfoScreenRect"]),
    ((14, 0), &["SCStreamFrameInfoBoundingRect"]),
    ((14, 2), &["SCStreamFrameInfoPresenterOverlayContentRect"]),
    // VideoToolbox, VTCompressionProperties.h and VTCompressionSession.h.
    ((13, 0), &["kVTCompressionPropertyKey_ConstantBitRate"]),
    ((14, 0), &["VTIsStereoMVHEVCEncodeSupported", "VTCompressionSessionEncodeMultiImageFrame"]),
    ((15, 0), &["kVTCompressionPropertyKey_SpatialAdaptiveQPLevel"]),
    ((15, 0), &["kVTCompressionPropertyKey_SuggestedLookAheadFrameCount"]),
    (
        (26, 0),
        &["kVTCompressionPropertyKey_VBVMaxBitRate", "kVTCompressionPropertyKey_VBVBufferDuration"],
    ),
    ((26, 0), &["kVTCompressionPropertyKey_VBVInitialDelayPercentage"]),
];

/// What macOS still has and may not be used: it captures without ScreenCaptureKit, and macOS 15
/// warns the person about a program that calls it; CGWindow.h and CGDirectDisplay.h mark it as
/// obsoleted in 15.0.
pub(super) const WITHDRAWN: &[&str] = &[
    "CGWindowListCreateImage",
    "CGWindowListCreateImageFromArray",
    "CGDisplayCreateImage",
    "CGDisplayCreateImageForRect",
    "CGDisplayStreamCreate",
    "CGDisplayStreamCreateWithDispatchQueue",
];
