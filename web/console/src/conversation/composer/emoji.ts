// The faces and signs that a support talk needs; few enough to be found at a glance.
export const EMOJI = [
  "🙂", "😊", "😄", "😉", "😅", "😂", "🤝", "🙏", "👍", "👌", "👏", "💪", "🙌", "👋", "🎉", "🌹",
  "🤔", "😮", "😟", "😔", "😢", "😓", "🙇", "❤️", "✨", "⭐", "✅", "❌", "❗", "❓", "⚠️", "🔧",
  "🔍", "📌", "📎", "📄", "📷", "📅", "⏰", "⏳", "📞", "📧", "💡", "🔔", "🔒", "🔗", "🐞", "🚀",
] as const; // prettier-ignore
