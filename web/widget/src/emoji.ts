/** The few faces and signs that people use with a support desk; the keyboards of phones have the rest. */

export const EMOJI: readonly string[] = [
  ..."😀😄😁😂🤣😊🙂😉😍😘😎🤔😐😮😅😓😢😭😡😱😴🤗🙄😷👍👎👌👏🙏🤝💪✌👋👀❤💔🎉🎁🌹☕🔥✅❌❓❗💯⏰📌",
];
