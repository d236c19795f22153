/** How likely they are to recommend us: asked of some who come back, gone with an answer, a 以后再说 or the next words. */

import { useState } from "preact/hooks";
import { useWindow } from "./context.ts";
import { Tick } from "./icons.tsx";

const SCORES = [...Array(11).keys()];

export function SurveyCard() {
  const { chat, words, complain } = useWindow();
  const [score, setScore] = useState<number | "later" | undefined>(undefined);
  const survey = chat.welcome?.survey;
  if (survey?.kind !== "nps" || score === "later" || chat.state !== undefined) return null;
  const answer = (nps: number) => {
    setScore(nps);
    chat.desk.rate(survey.conversation_id, { nps }).catch((error) => {
      setScore(undefined);
      complain(error);
    });
  };
  if (score !== undefined) return <section class="card rating"><p class="thanks"><Tick />{words.survey.thanks}<b>{score}</b></p></section>;
  return (
    <section class="card rating survey">
      <h2>{words.survey.question}</h2>
      <div class="scores">{SCORES.map((one) => <button key={one} type="button" onClick={() => answer(one)}>{one}</button>)}</div>
      <p class="ends"><span>{words.survey.least}</span><span>{words.survey.most}</span></p>
      <button type="button" class="change" onClick={() => setScore("later")}>{words.survey.dismiss}</button>
    </section>
  );
}
