// Node's Socket.IO as its documentation shows it: acknowledges what it hears and no more.
import { createServer } from "node:http";
import { Server } from "socket.io";

const greeting = "您好".repeat(300);
const http = createServer();
const server = new Server(http);

server.on("connection", (socket) => {
  socket.emit("welcome", { greeting });
  socket.on("echo", (said, acknowledge) => acknowledge({ ok: true, ...said }));
  socket.on("watch", (_, acknowledge) => {
    socket.join("watchers");
    acknowledge({ ok: true });
  });
  socket.on("shout", (said, acknowledge) => {
    server.to("watchers").emit("event", said);
    acknowledge({ ok: true });
  });
});
http.listen(Number(process.argv[2]), "127.0.0.1", 1024, () => console.log("ready"));
