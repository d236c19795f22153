/** Makes large photographs smaller before they are sent; what is small, moves, or cannot be read here goes as it is. */

const LARGE_BYTES = 1_500_000;
const LARGE_SIDE = 2560;
const QUALITY = 0.86;

export interface Prepared {
  blob: Blob;
  name: string;
}

export async function shrunk(file: File): Promise<Prepared> {
  const asItIs = { blob: file, name: file.name };
  // A photograph of a phone's own kind (HEIC) is no picture for the server; where this browser reads it, it becomes one.
  const foreign = /^image\/(heic|heif|avif|tiff)/.test(file.type) || /\.(heic|heif)$/i.test(file.name);
  if (!foreign && (!/^image\/(jpeg|png|webp|bmp)$/.test(file.type) || file.size < LARGE_BYTES)) return asItIs;
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => undefined);
  if (!picture) return asItIs;
  const share = Math.min(1, LARGE_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * share));
  canvas.height = Math.max(1, Math.round(picture.height * share));
  const context = canvas.getContext("2d");
  if (!context) return asItIs;
  context.fillStyle = "#fff"; // what can be seen through would turn black
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  canvas.width = canvas.height = 0; // phones keep little room for these
  if (!blob || (!foreign && blob.size >= file.size)) return asItIs;
  return { blob, name: file.name.replace(/\.[^.]*$/, "") + ".jpg" };
}
