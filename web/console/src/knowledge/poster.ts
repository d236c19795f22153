// The picture that stands for a video until it plays: one moment of it, taken on this machine; none where that fails.
const WAIT_MS = 8_000;
const LONGEST_SIDE = 1280;

export async function posterOf(file: File): Promise<File | null> {
  const video = document.createElement("video");
  video.muted = true;
  video.preload = "auto";
  video.src = URL.createObjectURL(file);
  try {
    await heard(video, "loadeddata");
    const at = Number.isFinite(video.duration) ? Math.min(1, video.duration / 3) : 0;
    if (at > 0) {
      video.currentTime = at;
      await heard(video, "seeked");
    }
    const scale = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(video.videoWidth * scale));
    canvas.height = Math.max(1, Math.round(video.videoHeight * scale));
    canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    return picture && new File([picture], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: "image/jpeg" });
  } catch {
    return null; // the browser cannot show it: it is stored without
  } finally {
    URL.revokeObjectURL(video.src);
  }
}

function heard(video: HTMLVideoElement, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(event)), WAIT_MS);
    video.addEventListener(event, () => (clearTimeout(timer), resolve()), { once: true });
    video.addEventListener("error", () => (clearTimeout(timer), reject(new Error("error"))), { once: true });
  });
}
