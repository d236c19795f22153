// English words of files.
import type { uploads as zh } from "../zh/uploads";

export const uploads: Record<keyof typeof zh, string> = {
  "files.attach": "Send a picture or file",
  "files.tray": "Files to be sent",
  "files.remove": "Remove {name}",
  "files.cancel": "Cancel {name}",
  "files.again": "Upload {name} again",
  "files.uploading": "Sends when the upload is done…",
  "files.stalled": "The network is unsteady, trying again…",
  "files.tooMany": "A message takes at most {most} files; send the others in the next one",
  "files.tooLarge": "“{name}” is larger than {megabytes} MB and cannot be sent",
  "files.tooWide": "“{name}” has too many pixels; crop it to the part that matters",
  "files.kind": "Files like “{name}” cannot be sent",
  "files.broken": "“{name}” cannot be opened, it may be damaged",
  "files.infected": "“{name}” did not pass the virus scan and was not sent",
  "files.failed": "“{name}” was not uploaded: {why}",
  "files.missing": "The file is gone, or cannot be opened for now",
  "files.open": "Look at {name}",
  "files.save": "Download {name}",
  "files.zoomIn": "Zoom in",
  "files.zoomOut": "Zoom out",
  "files.previous": "Previous picture",
  "files.next": "Next picture",
  "files.drop": "Let go to add it to the reply",
  "files.ofTicket": "Pictures and files of the talk",
  "files.sent": "[File]",
};
