// The console's table of contents: everything is built here once, in order, and handed on by name.
import { Connection, type AgentConnection } from "@yingda/shared/socket";
import { createApp, watch } from "vue";
import { Alerts } from "./alerts/alerts";
import { Lead } from "./alerts/lead";
import { Looking } from "./alerts/looking";
import { Tones } from "./alerts/tones";
import { Api } from "./api";
import App from "./App.vue";
import { Colleagues } from "./colleagues";
import { Actions } from "./desk/actions";
import { Desk } from "./desk/desk";
import { Drafts } from "./desk/drafts";
import { keepOpen } from "./desk/reopening";
import { Unsent } from "./desk/unsent";
import { HOUSE, type House } from "./injection";
import { Keys } from "./keys/keys";
import { Language } from "./language/language";
import { loadPreferences } from "./preferences";
import { PromiseBoard } from "./promises/promises";
import { Route } from "./route";
import { SignedOut, Session } from "./session";
import "./styles.css";
import { Toasts } from "./toasts";
import { Clock } from "./wording/time";
import { Files } from "./uploads/outgoing";

const locks = "locks" in navigator ? navigator.locks : undefined;
const preferences = loadPreferences(localStorage, window);
const language = new Language(preferences);
const clock = new Clock();
const session = new Session(localStorage, new BroadcastChannel("yingda.console"), locks);
const api = new Api(session, (at) => clock.correct(at));
const desk = new Desk(
  (onStatus): AgentConnection =>
    new Connection({
      namespace: "/agent",
      auth: async () => ({ protocol: 1, token: await session.accessToken() }),
      onStatus,
    }),
);
const drafts = new Drafts(localStorage);
const house: House = {
  session,
  api,
  colleagues: new Colleagues(api),
  desk,
  actions: new Actions(desk, new Unsent(localStorage, () => clock.now.value)),
  drafts,
  files: new Files(session, drafts),
  language,
  preferences,
  promises: new PromiseBoard(api, desk),
  alerts: new Alerts(
    preferences,
    () => language.t("app.title"),
    new Tones(),
    new Lead("yingda.console.sound", locks, localStorage),
    new Lead("yingda.console.notice", locks, localStorage),
    new Looking(window, new BroadcastChannel("yingda.console.looking")),
  ),
  keys: new Keys(window),
  toasts: new Toasts(),
  clock,
  route: new Route(window),
};

// The live desk follows the session: an account that serves customers has one, and only while it is signed in.
watch(
  () => session.state.phase === "in" && (session.has("agent") || session.isSupervisor.value),
  (serving) => (serving ? desk.start() : desk.stop()),
);

// The token was refused though it looked good: one new token, one new try; without a session the sign-in page appears.
watch(
  () => desk.state.status,
  (status) => {
    if (status !== "refused" || desk.connection.refusal?.code !== "unauthorized") return;
    session
      .renew()
      .then(() => desk.connection.reconnect())
      .catch((error: unknown) => void (error instanceof SignedOut || setTimeout(() => desk.connection.reconnect(), 3000)));
  },
);

keepOpen(desk, api, house.route, sessionStorage);

void session.resume();
createApp(App).provide(HOUSE, house).mount("#app");
