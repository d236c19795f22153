/** The customer's place in line as it may be shown: it never gets worse on the page, and a range holds until it was told otherwise. */

export interface Place {
  position: number | undefined;
  eta: [number, number] | undefined;
  /** It takes longer than was said, and the desk has told so: this range holds now. */
  slower: [number, number] | undefined;
  /** How long the place is kept for somebody who closes the page. */
  keepMinutes: number | undefined;
}

/** The place after news of it; what the news leaves out stays. */
export function moved(before: Place | undefined, news: Partial<Place>): Place {
  const { position, eta } = news;
  const nearest = Math.min(position ?? Infinity, before?.position ?? Infinity);
  return {
    position: nearest === Infinity ? undefined : nearest,
    eta: eta && (!before?.eta || eta[1] < before.eta[1]) ? eta : before?.eta,
    slower: news.slower ?? before?.slower,
    keepMinutes: news.keepMinutes ?? before?.keepMinutes,
  };
}
