// The two levels under which a conversation is filed at its end, and a guess from what was said.
import type { Event } from "../wire";

const PARTS = ["任务", "甘特图", "看板与迭代", "报表与导入导出", "工时", "文件", "审批", "自定义字段", "角色与权限", "成员与组织", "登录与账号", "通知", "移动端", "接口与集成", "私有化部署", "安全"];

export const CATEGORIES: Record<string, readonly string[]> = {
  使用问题: [...PARTS, "其他"],
  故障: [...PARTS, "访问慢或打不开", "其他"],
  账单: ["套餐与续费", "发票", "退款", "席位增减", "其他"],
  售前: ["功能咨询", "价格", "试用", "私有化方案", "其他"],
  建议与投诉: ["功能建议", "服务投诉", "其他"],
};

export const CAUSES = ["how_to", "defect", "wish", "setting", "network", "billing", "other"] as const;

const SIGNS: [RegExp, string, string][] = [
  [/发票|抬头|税号/, "账单", "发票"],
  [/退款|退费/, "账单", "退款"],
  [/续费|套餐|升级版本|到期/, "账单", "套餐与续费"],
  [/席位|人数不够|加人/, "账单", "席位增减"],
  [/报价|多少钱|价格/, "售前", "价格"],
  [/试用/, "售前", "试用"],
  [/甘特|里程碑|关键路径/, "使用问题", "甘特图"],
  [/看板|迭代|冲刺|燃尽/, "使用问题", "看板与迭代"],
  [/审批|流程/, "使用问题", "审批"],
  [/自定义字段/, "使用问题", "自定义字段"],
  [/权限|角色/, "使用问题", "角色与权限"],
  [/登录|密码|验证码|单点/, "使用问题", "登录与账号"],
  [/报表|导入|导出|表格|excel/i, "使用问题", "报表与导入导出"],
  [/工时|填报/, "使用问题", "工时"],
  [/通知|提醒|邮件/, "使用问题", "通知"],
  [/手机|APP|安卓|苹果|移动端/i, "使用问题", "移动端"],
  [/接口|API|webhook|集成/i, "使用问题", "接口与集成"],
  [/部署|内网|docker|安装包/i, "使用问题", "私有化部署"],
  [/附件|文件|上传|下载/, "使用问题", "文件"],
  [/成员|邀请|部门|组织/, "使用问题", "成员与组织"],
  [/任务/, "使用问题", "任务"],
];
const BROKEN = /报错|出错|错误|打不开|崩溃|白屏|卡死|卡住|加载不出|失败|丢失|不见了|灰的|点不了|没反应|异常/;

/** The most likely place, from the customer's own words; null when nothing fits. */
export function guess(events: readonly Event[]): [string, string] | null {
  const said = events
    .filter((event) => event.kind === "message" && event.actor.kind === "customer")
    .map((event) => event.text ?? "")
    .join("\n");
  const sign = SIGNS.find(([words]) => words.test(said));
  if (!sign) return BROKEN.test(said) ? ["故障", "其他"] : null;
  const [, first, second] = sign;
  return first === "使用问题" && BROKEN.test(said) ? ["故障", second] : [first, second];
}
