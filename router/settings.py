"""Every setting on one page, with its default; refuses unknown names and wrong values, each with its place.

`config.yaml` says the same for operators, with comments; a test compares the two. Read them with `load_settings`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from bot.settings import BotSettings, SignalSettings
from database.settings import DatabaseSettings
from kb_index.reading.pictures import VideoKind, Videos
from kb_index.settings import IndexSettings
from models.settings import EncoderSettings
from router.clocks.settings import ClockSettings, LevelSettings
from router.continuing.settings import ContinueSettings
from router.doors.settings import LimitSettings
from router.notifications.settings import NotificationSettings
from router.observing.settings import TelemetrySettings
from router.promises.settings import PromiseSettings
from router.ratings.settings import RatingSettings
from router.retention.settings import RetentionSettings
from router.sections import Section, TimeZone, Weekly
from router.settings_sources import SettingsError, faults_of, read_sources
from router.sites.settings import SiteSettings
from router.tasks.settings import TaskSettings, VisitSettings
from router.tickets.settings import TicketSettings
from router.trail.settings import TrailSettings
from router.transcripts.settings import PrivacySettings, TranscriptSettings
from router.uploads.settings import KINDS, UploadSettings
from router.waiting.hours import Calendar

__all__ = ["Settings", "SettingsError", "load_settings"]

Seconds = Annotated[float, Field(gt=0)]
WholeSeconds = Annotated[int, Field(ge=0)]
Words = Annotated[tuple[str, ...], BeforeValidator(lambda given: _split(given))]
Origin = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$")]
Paths = Annotated[tuple[Path, ...], BeforeValidator(lambda given: _split(given))]


def _split(given: object) -> object:
    """A list from the environment may be written with commas."""
    return [part.strip() for part in given.split(",") if part.strip()] if isinstance(given, str) else given


class ServerSettings(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    workers: int = Field(default=1, ge=1, le=64)
    trusted_proxies: Words = ()
    drain_seconds: Annotated[float, Field(gt=0, le=10)] = 8.0
    max_frame_bytes: int = Field(default=65_536, ge=1024)
    ping_seconds: Annotated[float, Field(gt=0, le=20)] = 15.0
    ping_timeout_seconds: Annotated[float, Field(gt=0, le=10)] = 10.0
    events_per_second: float = Field(default=20.0, gt=0)
    events_burst: int = Field(default=100, ge=1)
    agent_events_per_second: float = Field(default=200.0, gt=0)
    agent_events_burst: int = Field(default=1_000, ge=1)


class RedisSettings(Section):
    url: str | None = Field(default=None, pattern=r"^(rediss?|unix)://")
    channel: str = Field(default="yingda", min_length=1, max_length=100)


class SecuritySettings(Section):
    identity_secrets: dict[str, str] = Field(default={}, repr=False)
    token_key: str | None = Field(default=None, repr=False)
    sealing_keys: Words = Field(default=(), repr=False)
    lookup_key: str | None = Field(default=None, repr=False)
    access_minutes: float = Field(default=15.0, gt=0, le=60)
    refresh_days: float = Field(default=14.0, gt=0)
    refresh_grace_seconds: float = Field(default=30.0, ge=0)
    embedding_origins: Words = ()
    sign_in_attempts: int = Field(default=10, ge=1)
    sign_in_attempts_per_address: int = Field(default=100, ge=1)
    sign_in_window_seconds: Seconds = 300.0
    password_memory_mib: int = Field(default=64, ge=1)
    password_rounds: int = Field(default=3, ge=1)


class HeadStartSettings(Section):
    tiers: dict[str, WholeSeconds] = {"free": 0, "standard": 60, "enterprise": 600, "strategic": 1200}
    urgency: dict[str, WholeSeconds] = {"high": 300}
    emotion: dict[str, WholeSeconds] = {"angry": 60, "anxious": 30}
    push_seconds: WholeSeconds = 900
    escalation_seconds: WholeSeconds = 600
    cap_seconds: WholeSeconds = 1800


class RoutingSettings(Section):
    assignment: Literal["auto", "offer", "pick"] = "auto"
    offer_seconds: Seconds = 30.0
    away_after_missed_offers: int = Field(default=3, ge=1)
    away_after_silences: int = Field(default=2, ge=1)
    silent_agent_minutes: float = Field(default=5.0, gt=0)
    last_agent_seconds: WholeSeconds = 120
    hold_hours: float = Field(default=72.0, gt=0)
    agent_away_seconds: Annotated[float, Field(gt=5)] = 15.0  # pages give a sign of life every 5 s
    agent_lost_seconds: Annotated[float, Field(gt=5)] = 45.0
    dispatch_tick_seconds: Seconds = 0.5
    longest_waiter_every: int = Field(default=3, ge=1)
    head_start: HeadStartSettings = HeadStartSettings()
    default_capacity: int = Field(default=5, ge=0)
    default_group: str = Field(default="使用支持", min_length=1)


class HoursSettings(Section):
    always_open: bool = False
    timezone: TimeZone = "Asia/Shanghai"
    weekly: Weekly = {
        "mon": ("09:00-18:00",),
        "tue": ("09:00-18:00",),
        "wed": ("09:00-18:00",),
        "thu": ("09:00-18:00",),
        "fri": ("09:00-18:00",),
        "sat": (),
        "sun": (),
    }
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()
    calendar_file: Path | None = Path("calendar.yaml")

    def calendar(self) -> Calendar:
        """The table as the waiting line uses it."""
        weekly: dict[str, Sequence[str]] = {str(day): spans for day, spans in self.weekly.items()}
        return Calendar.of(self.timezone, weekly, self.holidays, self.workdays, self.always_open)


class IdleSettings(Section):
    warn_minutes: float = Field(default=10.0, gt=0)
    close_minutes: float = Field(default=10.0, gt=0)
    bot_minutes: float = Field(default=60.0, gt=0)


class WaitingSettings(Section):
    keep_minutes: float = Field(default=10.0, gt=0)
    answer_while_waiting: bool = True


class CallbackSettings(Section):
    slot_minutes: int = Field(default=30, ge=10, le=240)
    per_slot: int = Field(default=3, ge=1)
    days: int = Field(default=3, ge=1, le=14)
    lead_minutes: int = Field(default=30, ge=0)


class KnowledgeSettings(Section):
    articles: Path | None = Path("faq")
    suggestions: Words = ("gantt-export-image", "member-invite", "password-forgot", "invoice-apply")
    kept_questions: Paths = (Path("questions/dev/faq_*.jsonl"), Path("questions/dev/outside*.jsonl"))
    second_reviewer: bool = False
    video_kinds: tuple[VideoKind, ...] = ("mp4", "webm")
    video_megabytes: float = Field(default=100.0, gt=0, le=2000)
    video_origins: Annotated[tuple[Origin, ...], BeforeValidator(lambda given: _split(given))] = ()
    import_megabytes: float = Field(default=300.0, gt=0, le=4000)
    poll_seconds: Seconds = 0.5

    @property
    def videos(self) -> Videos:
        """Which videos articles may have."""
        return Videos(self.video_kinds, round(self.video_megabytes * 1024 * 1024))


class LearningSettings(Section):
    believed_from: float = Field(default=0.7, gt=0.5, lt=1)
    least_held_out: int = Field(default=30, ge=5)
    folds: int = Field(default=5, ge=2, le=20)
    sweep_seconds: Seconds = 5.0


class CustomerSettings(Section):
    default_tier: str = "free"
    show_read_marks: bool = False


class ExportSettings(Section):
    most_rows: int = Field(default=20_000, ge=1, le=200_000)


class LoggingSettings(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "json", "text"] = "auto"


class AdminSettings(Section):
    password: str | None = Field(default=None, repr=False)


_PARTS = (
    "任务", "甘特图", "看板与迭代", "报表与导入导出", "工时", "文件", "审批", "自定义字段", "角色与权限",
    "成员与组织", "登录与账号", "通知", "移动端", "接口与集成", "私有化部署", "安全",
)  # fmt: skip

_TOPICS: dict[str, tuple[str, ...]] = {
    "使用问题": (*_PARTS, "其他"),
    "故障": (*_PARTS, "访问慢或打不开", "其他"),
    "账单": ("套餐与续费", "发票", "退款", "席位增减", "其他"),
    "售前": ("功能咨询", "价格", "试用", "私有化方案", "其他"),
    "建议与投诉": ("功能建议", "服务投诉", "其他"),
}

#: Tables whose keys are free; naming one key from outside the file keeps the others.
_TABLES: dict[tuple[str, ...], dict[str, Any]] = {
    ("routing", "head_start", "tiers"): dict(HeadStartSettings().tiers),
    ("routing", "head_start", "urgency"): dict(HeadStartSettings().urgency),
    ("routing", "head_start", "emotion"): dict(HeadStartSettings().emotion),
    ("uploads", "kinds"): {str(kind): size for kind, size in KINDS.items()},
    ("notifications", "channels"): {},
    ("notifications", "robots"): {},
    ("privacy", "notice"): dict(PrivacySettings().notice),
    ("hours", "weekly"): {str(day): spans for day, spans in HoursSettings().weekly.items()},
}


class Settings(Section):
    """All sections; `data_dir` holds everything the program writes."""

    data_dir: Path = Path("var")
    server: ServerSettings = ServerSettings()
    limits: LimitSettings = LimitSettings()
    database: DatabaseSettings = DatabaseSettings()
    redis: RedisSettings = RedisSettings()
    security: SecuritySettings = SecuritySettings()
    routing: RoutingSettings = RoutingSettings()
    hours: HoursSettings = HoursSettings()
    clocks: ClockSettings = ClockSettings()
    levels: LevelSettings = LevelSettings()
    idle: IdleSettings = IdleSettings()
    waiting: WaitingSettings = WaitingSettings()
    callbacks: CallbackSettings = CallbackSettings()
    bot: BotSettings = BotSettings()
    signals: SignalSettings = SignalSettings()
    topics: dict[str, Words] = _TOPICS
    encoder: EncoderSettings = EncoderSettings()
    index: IndexSettings = IndexSettings()
    knowledge: KnowledgeSettings = KnowledgeSettings()
    learning: LearningSettings = LearningSettings()
    sites: SiteSettings = SiteSettings()
    customers: CustomerSettings = CustomerSettings()
    uploads: UploadSettings = UploadSettings()
    continuing: ContinueSettings = ContinueSettings()
    ratings: RatingSettings = RatingSettings()
    tickets: TicketSettings = TicketSettings()
    transcripts: TranscriptSettings = TranscriptSettings()
    privacy: PrivacySettings = PrivacySettings()
    tasks: TaskSettings = TaskSettings()
    visits: VisitSettings = VisitSettings()
    promises: PromiseSettings = PromiseSettings()
    trail: TrailSettings = TrailSettings()
    notifications: NotificationSettings = NotificationSettings()
    exports: ExportSettings = ExportSettings()
    retention: RetentionSettings = RetentionSettings()
    logging: LoggingSettings = LoggingSettings()
    telemetry: TelemetrySettings = TelemetrySettings()
    admin: AdminSettings = AdminSettings()

    @model_validator(mode="after")
    def _tiers_fit(self) -> Self:
        if self.customers.default_tier not in self.routing.head_start.tiers:
            raise ValueError(
                f"customers.default_tier: {self.customers.default_tier!r} is not among routing.head_start.tiers"
            )
        return self

    @model_validator(mode="after")
    def _rules_name_what_there_is(self) -> Self:
        """Tiers and topics of the rules about levels and clocks."""
        known_topics = {*self.topics, *self.topic_names}
        for number, rule in enumerate(self.levels.rules):
            _require_known(f"levels.rules.{number}.tiers", rule.tiers, self.tiers)
            _require_known(f"levels.rules.{number}.topics", rule.topics, known_topics)
        _require_known("clocks.tiers", tuple(self.clocks.tiers), self.tiers)
        for number, step in enumerate(self.clocks.escalation):
            _require_known(f"clocks.escalation.{number}.tiers", step.tiers, self.tiers)
        return self

    @model_validator(mode="after")
    def _routed_topics_are_topics(self) -> Self:
        known = {*self.topics, *self.topic_names}
        for topic in self.bot.always_human:
            if topic not in known:
                raise ValueError(f"bot.always_human: {topic!r} is not among the topics, e.g. 账单/退款 or 账单")
        return self

    @property
    def topic_names(self) -> frozenset[str]:
        """Every topic with both its levels, as “账单/退款”."""
        return frozenset(f"{first}/{second}" for first, seconds in self.topics.items() for second in seconds)

    @property
    def tiers(self) -> tuple[str, ...]:
        """The customer tiers by name, as `routing.head_start.tiers` lists them."""
        return tuple(self.routing.head_start.tiers)


def _require_known(place: str, named: Sequence[str], known: Collection[str]) -> None:
    for name in named:
        if name not in known:
            raise ValueError(f"{place}: there is no {name!r}")


def load_settings(argv: Sequence[str], environ: Mapping[str, str]) -> Settings:
    """The settings from `config.yaml`, over it the environment, over that the command line.

    ``argv`` is without the program's name. Raises `SettingsError`, whose text has a line ``config.yaml:37: name: …``
    for each fault. Wrong use of the command line, and ``--help``, end the program as argparse does.
    """
    given = read_sources(argv, environ, _TABLES)
    try:
        settings = Settings.model_validate(given.values)
    except ValidationError as error:
        raise SettingsError(faults_of(error.errors(include_url=False), given)) from None
    knowledge = settings.knowledge
    kept = tuple(given.absolute(("knowledge", "kept_questions"), path) for path in knowledge.kept_questions)
    articles = given.absolute(("knowledge", "articles"), knowledge.articles)
    calendar_file = given.absolute(("hours", "calendar_file"), settings.hours.calendar_file)
    return settings.model_copy(
        update={
            "data_dir": given.absolute(("data_dir",), settings.data_dir),
            "hours": settings.hours.model_copy(update={"calendar_file": calendar_file}),
            "knowledge": knowledge.model_copy(update={"articles": articles, "kept_questions": kept}),
        }
    )
