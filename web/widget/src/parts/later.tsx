/** Sheets that most customers never open: loaded when they are. */

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useWindow } from "./context.ts";

interface TicketsProps {
  number?: string | undefined;
  onClose: () => void;
}

export function TicketsLater(props: TicketsProps) {
  const { complain } = useWindow();
  const [Sheet, setSheet] = useState<ComponentType<TicketsProps>>();
  useEffect(() => {
    import("./tickets.tsx").then((loaded) => setSheet(() => loaded.TicketsSheet), (error) => (complain(error), props.onClose()));
  }, []);
  return Sheet ? <Sheet {...props} /> : null;
}
