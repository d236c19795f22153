/** What pages need to know of files to show them. */

import type { Attachment, Event } from "../events.ts";

/** A file's address, only when it is one of the desk's own: a picture of an article, or something that was sent. */
export function fileUrl(url: string): string | undefined {
  const own = /^\/media\/[^\\\s]+$/.test(url) || /^\/api\/v1\/uploads\/[0-9a-f-]{36}(?:\?[\w=&-]*)?$/.test(url);
  return own && !url.includes("..") ? url : undefined;
}

const VIDEO = /\.(?:mp4|m4v|webm)$/i;

/** Whether a target of Markdown is meant as a video. */
export const namesVideo = (url: string): boolean => VIDEO.test(url.replace(/[?#].*$/, ""));

/** A video's address, only where this page may play it: one of the desk's own, or at a place that its operator names. */
export function videoUrl(url: string, origins: readonly string[] = videoOrigins()): string | undefined {
  if (!namesVideo(url)) return undefined;
  if (url.startsWith("/")) return fileUrl(url);
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed && /^https?:$/.test(parsed.protocol) && !parsed.username && origins.includes(parsed.origin) ? url : undefined;
}

/** An address that may at least be opened beside this page. */
export const opensBeside = (url: string): boolean => fileUrl(url) !== undefined || /^https?:\/\/[^\s()<>"']+$/.test(url);

function videoOrigins(): string[] {
  const told = typeof document === "undefined" ? null : document.querySelector<HTMLMetaElement>('meta[name="yingda-videos"]');
  return told?.content.split(" ").filter(Boolean) ?? [];
}

export function isPicture({ type, url }: Attachment): boolean {
  return type === undefined ? url.startsWith("/media/") && !namesVideo(url) : type.startsWith("image/");
}

export const isVideo = ({ type }: Attachment): boolean => type?.startsWith("video/") ?? false;

/** 820 B, 14 KB, 3.2 MB. */
export function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  const megabytes = bytes / 1024 / 1024;
  return `${megabytes < 10 ? megabytes.toFixed(1).replace(/\.0$/, "") : Math.round(megabytes)} MB`;
}

/** The end of a name as a mark for the card of a file: PDF, XLSX. */
export function endingOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot + 1, dot + 5).toUpperCase() : "";
}

/** Files of a paste or a drop; a browser that copies from an office program gives text and a picture, the text wins. */
export function filesOf(transfer: DataTransfer | null): File[] {
  if (!transfer) return [];
  if (transfer.types.includes("text/plain") && !transfer.types.includes("text/uri-list") && transfer.files.length <= 1 && transfer.getData("text/plain").trim()) return [];
  return [...transfer.files].filter((file) => file.size > 0 || file.type);
}

/** What an address bar's file dialog shows first; the server looks at the content. */
export const ACCEPT = "image/*,video/mp4,video/webm,video/quicktime,.pdf,.txt,.log,.csv,.json,.zip,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.gz,.md";

/** A message as lists show it, as the server writes it: its words, else what was sent. */
export function inAList({ text, attachments = [] }: Event): string {
  if (text || attachments.length === 0) return text ?? "";
  return attachments.every(isPicture) ? "[图片]" : `[文件] ${attachments.at(-1)!.name}`;
}
