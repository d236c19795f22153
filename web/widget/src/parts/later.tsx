/** Sheets that most customers never open: loaded when they are. */

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { AttachMenuProps } from "../uploads/attach_menu.tsx";
import { useWindow } from "./context.ts";

function later<Props extends { onClose: () => void }>(load: () => Promise<ComponentType<Props>>) {
  return function Later(props: Props) {
    const { complain } = useWindow();
    const [Sheet, setSheet] = useState<ComponentType<Props>>();
    useEffect(() => {
      load().then((loaded) => setSheet(() => loaded), (error) => (complain(error), props.onClose()));
    }, []);
    return Sheet ? <Sheet {...props} /> : null;
  };
}

export const MessageLater = later(() => import("./leave_message.tsx").then((part) => part.LeaveMessage));
export const EndLater = later(() => import("./end_sheet.tsx").then((part) => part.EndQuestion));
export const PrivacyLater = later(() => import("./privacy_sheet.tsx").then((part) => part.PrivacySheet));
export const TicketsLater = later(() => import("./tickets.tsx").then((part) => part.TicketsSheet));
export const CallbackLater = later(() => import("./callback_sheet.tsx").then((part) => part.CallbackSheet));
export const CardLater = later(() => import("./card_sheet.tsx").then((part) => part.CardSheet));
export const ArticleLater = later(() => import("./article_sheet.tsx").then((part) => part.ArticleSheet));
export const MailLater = later(() => import("./mail_sheet.tsx").then((part) => part.MailSheet));
export const ViewerLater = later(() => import("../uploads/viewer.tsx").then((part) => part.Viewer));
export const ContinueLater = later(() => import("../uploads/continue_sheet.tsx").then((part) => part.ContinueSheet));
export const PhoneBarLater = later<{ onClose: () => void }>(() => import("../uploads/phone.tsx").then((part) => part.PhoneBar));
export const TrayLater = later<{ onClose: () => void }>(() => import("../uploads/tray.tsx").then((part) => part.UploadTray));
export const AttachMenuLater = later<AttachMenuProps>(() => import("../uploads/attach_menu.tsx").then((part) => part.AttachMenu));
