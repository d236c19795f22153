// Chinese words of searching.
export const search = {
  "search.title": "搜索",
  "search.placeholder": "搜对话、备注、工单和知识，至少两个字",
  "search.short": "请至少输入两个连在一起的字",
  "search.hint": "多个词用空格隔开，都出现才算找到。",
  "search.failed": "没有搜成，请再试一次。",
  "search.nothing": "没有找到“{q}”",
  "search.nothing.hint": "换个说法，或少写几个字试试。只能搜到您有权限看的内容。",
  "search.archived": "{day}以前的对话已归档，按内容搜不到；请到“客户”里找到这位客户，按日期翻看。",
  "search.message": "对话",
  "search.ticket": "工单",
  "search.article": "知识",
  "search.note": "备注",
  "search.more": "更多",
} as const;
