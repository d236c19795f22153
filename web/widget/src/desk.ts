/** What the page asks of the desk beside the talk itself: cards, calls, tickets, ratings. It keeps nothing. */

import type { AnswerTicketAck, CallbackSlotsAck, Event, HandOverCard, OwnTicketDetail, PublicArticle, TicketsAck } from "@yingda/shared/events";
import { RequestError, newId, type ChatConnection } from "@yingda/shared/socket";

export class Desk {
  constructor(
    private readonly connection: ChatConnection,
    /** The conversation that is shown last. */
    private readonly current: () => string | undefined,
    /** The customer has another way to be reached now: nobody need be missed any more. */
    private readonly onReachable: () => void,
  ) {}

  async leaveMessage(text: string, contact: { phone?: string; email?: string }): Promise<string> {
    const ack = await this.connection.emit("leave_message", { client_id: newId(), text, contact });
    this.onReachable();
    return ack.ticket;
  }

  tickets(before?: string): Promise<TicketsAck> {
    return this.connection.emit("tickets", before ? { before } : {});
  }

  async ticket(number: string): Promise<OwnTicketDetail> {
    return (await this.connection.emit("ticket", { number })).ticket;
  }

  answerTicket(number: string, answer: { text?: string; solved?: boolean }): Promise<AnswerTicketAck> {
    return this.connection.emit("answer_ticket", { client_id: newId(), number, ...answer });
  }

  /** What a colleague gets of the conversation. */
  async handOverCard(): Promise<HandOverCard> {
    const id = this.current();
    if (!id) throw new RequestError("not_found", "no conversation");
    return (await this.connection.emit("hand_over_card", { conversation_id: id })).card;
  }

  async editCard(fields: { question?: string; tried?: string; page?: string }): Promise<void> {
    const id = this.current();
    if (id) await this.connection.emit("edit_card", { client_id: newId(), conversation_id: id, ...fields });
  }

  callbackSlots(): Promise<CallbackSlotsAck> {
    return this.connection.emit("callback_slots", {});
  }

  /** Books a call, or changes the one that is booked; without a phone number the known one stays. */
  async bookCallback(at: string, phone: string | undefined, callbackId: string | undefined): Promise<void> {
    await this.connection.emit("book_callback", {
      client_id: newId(), at, ...(phone && { phone }), ...(callbackId && { callback_id: callbackId }),
    });
    this.onReachable();
  }

  async cancelCallback(callbackId: string): Promise<void> {
    await this.connection.emit("cancel_callback", { client_id: newId(), callback_id: callbackId });
  }

  /** The article behind an answer, as customers read it. */
  async article(id: string): Promise<PublicArticle> {
    return (await this.connection.emit("article", { article_id: id })).article;
  }

  async mailTalk(email: string): Promise<void> {
    const id = this.current();
    if (!id) throw new RequestError("not_found", "no conversation");
    await this.connection.emit("email_transcript", { client_id: newId(), conversation_id: id, email });
  }

  async rateAnswer(event: Event, helpful: boolean, comment?: string): Promise<void> {
    await this.connection.emit("rate_answer", { client_id: newId(), conversation_id: event.conversation_id, seq: event.seq, helpful, ...(comment && { comment }) });
  }

  async rate(conversationId: string, rating: { resolved?: boolean; csat?: number; nps?: number; comment?: string; ticket?: string }): Promise<void> {
    await this.connection.emit("rate_conversation", { client_id: newId(), conversation_id: conversationId, ...rating });
  }

  /** A ticket out of a conversation that was called unsolved. Raises RequestError "invalid" where nobody could be reached. */
  async followUp(conversationId: string): Promise<void> {
    await this.connection.emit("follow_up", { client_id: newId(), conversation_id: conversationId });
  }
}
