//! Sample logs for a first look: the same options give the same bytes.
//!
//! A small office is played through day by day. Faults stand in the streets whether or not anybody sees them;
//! inspectors walk past and judge, each with his own eyes, and a supervisor claims and rules the morning after.
//! In the end the files are piled up as they arrive in a real office: with copies, a fork, a torn log and a stray.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;

use crate::checklist::{Checklist, Reach, Target};
use crate::district::{District, Site, Source};
use crate::log::{
    Act, ChecklistRef, Code, Device, Event, EventRef, Head, Judgement, Kind, Name, Note, Person, Place, Ruling,
    SessionId, SiteRef, Stamp, Verdict, Why,
};
use crate::store::codec::Encoder;
use crate::store::log_name;

/// How much is made up, and which of all possible samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How many communities are walked: the first ones of the district.
    pub sites: usize,
    /// How many days, at most [`MAX_DAYS`].
    pub days: usize,
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { sites: 6, days: 5, seed: 1 }
    }
}

/// The most days that are made up.
pub const MAX_DAYS: usize = 60;

/// A file: its name, in a folder where it has a `/`, and its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The logs of some days in an office, by name.
pub fn samples(checklist: &Checklist, district: &District, options: &Options) -> Vec<Sample> {
    let mut office = Office::new(checklist, district, options);
    for day in 0..options.days.clamp(1, MAX_DAYS) {
        office.work(FIRST_DAY + day as i64 * DAY);
    }
    let mut pile = Pile::default();
    office.walks.iter().chain(&office.reviews).for_each(|log| pile.add_log(log));
    pile.add_copies(&office.walks);
    if let Some(log) = office.unsaved_walk() {
        pile.add_torn(&log);
    }
    pile.add("通知.json".into(), NOTICE.into());
    pile.files.into_iter().map(|(name, bytes)| Sample { name, bytes }).collect()
}

/// Monday 2020-08-17, midnight in China, in seconds since 1970.
const FIRST_DAY: i64 = 1_597_593_600;
const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;
const MINUTE: i64 = 60;

/// Code, name, how often one misses a fault, and how often one objects to what is good enough.
const CREW: [(&str, &str, f64, f64); 4] = [
    ("zhang3", "张三", 0.10, 0.012),
    ("li4", "李四", 0.20, 0.006),
    ("wang5", "王五", 0.04, 0.030),
    ("zhao6", "赵六", 0.14, 0.015),
];
const CHIEF: (&str, &str, f64, f64) = ("chen1", "陈主任", 0.0, 0.0);
/// The chief is the last of the workers.
const CHIEF_AT: usize = CREW.len();

/// The walk that is made on a laptop whose clock stands in 1970.
const STOPPED_CLOCK: usize = 2;
/// The walk that is an unannounced visit.
const COVERT: usize = 3;

/// Names of places by type, a different one at each community; `~` stands for the name of the community.
/// Every community has the first three types and some of the others.
const PLACES: [(&str, &str); 15] = [
    ("main_road", "建设路 文化路 人民路 健康路 工业路 东大街 解放路 西关街 新华路 育才街 团结路 民主路 北环路 洧水路"),
    ("back_alley", "槐树巷 和平巷 石桥巷 幸福巷 书院巷 井坊巷 马道巷 文庙巷 永安巷 新生巷 铁匠巷 水塘巷 南关巷"),
    ("open_compound", "粮食局家属院 棉纺厂家属院 供销社家属院 化肥厂家属院 水利局老院 印刷厂家属院 农机公司家属院"),
    ("back_alley", "后街一巷 豆腐巷 柳树巷 东风巷 粮行巷 红旗巷 仓库巷"),
    ("compound", "阳光小区 锦绣花园 金桂苑 和谐家园 翠竹园 紫荆花园 明珠小区 福源小区 丽景苑 东方花园 祥和苑"),
    ("market", "~菜市场"),
    ("eatery", "老王烩面馆 李记羊肉汤 川味小炒 胖嫂饺子馆 兰州拉面 张家胡辣汤 老街卤肉"),
    ("food_shop", "便民副食店 惠客食品店 好邻居超市 粮油店 馒头坊"),
    ("barber", "小丽理发店 名剪美发 阿强理发店 红梅美容美发"),
    ("toilet", "~公厕"),
    ("bin_point", "~垃圾收集点"),
    ("park", "~游园"),
    ("school", "~小学 ~幼儿园"),
    ("clinic", "~卫生服务站"),
    ("hotel", "如家旅馆 迎宾旅社 平安旅馆"),
];
const PLACES_EVERYWHERE: usize = 3;
const PLACES_OF_A_SITE: usize = 9;

const EXTENTS: [&str; 6] = ["两处", "三处", "已现场告知", "已拍照", "靠近路口", "前次也有"];
const UNSEEN: [&str; 4] = ["锁门未开", "无人应门", "正在施工，未能查看", "车辆遮挡"];
const REMARKS: [&str; 5] = ["居民反映夜间有人倒垃圾", "保洁员在岗", "下次先看这里", "已当面告知负责人", "小雨，路面湿"];
const DONE: [&str; 4] = ["已清理", "已整改", "已修复", "已更换"];
const REASON_FAIL: [&str; 2] = ["现场复看，问题仍在，按不合格计", "已电话核实，按不合格计"];
const REASON_PASS: [&str; 2] = ["现场复看，符合要求，按合格计", "情况轻微，未超限值，按合格计"];
const REASON_NA: [&str; 1] = ["此处无该设施，按不适用计"];

/// A file of some other program.
const NOTICE: &str = "{\"title\":\"关于做好本周创卫检查的通知\",\"from\":\"街道办事处\",\"date\":\"2020-08-17\"}\n";

/// Everything that is played through: who walks where, how things really are, and what was written so far.
struct Office<'a> {
    checklist: &'a Checklist,
    /// The id of the district.
    district: Code,
    rng: Rng,
    workers: Vec<Worker>,
    beats: Vec<Beat<'a>>,
    world: BTreeMap<Spot, Condition>,
    /// The verdicts of this day.
    found: BTreeMap<Spot, Vec<Found>>,
    /// The spots of the day before where verdicts differ.
    disputes: Vec<(Spot, Vec<Found>)>,
    /// Faults that were found and not seen put right, with the fail that opened the case.
    cases: BTreeMap<Spot, EventRef>,
    /// Those of them that somebody claims to have put right.
    claimed: BTreeSet<Spot>,
    walks: Vec<Log>,
    reviews: Vec<Log>,
}

/// Somebody with a laptop.
struct Worker {
    person: Person,
    device: Code,
    sessions: u64,
    /// When he can start the next session, in seconds since 1970.
    free: i64,
    misses: f64,
    objects: f64,
}

/// A community and what is looked at there.
struct Beat<'a> {
    site: &'a Site,
    places: Vec<Place>,
    /// Targets that are judged for the whole community, not at a place.
    whole: Vec<usize>,
}

/// What is judged: a target, by its place in reading order, at a place of a site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    site: usize,
    place: Option<Place>,
    target: usize,
}

/// How a spot really is; a fault is one of the target's common ones.
#[derive(Clone, Copy)]
enum Condition {
    Good,
    Faulty(usize),
    Mended(usize),
    Lacking,
}

/// A verdict that stands, and the event that gave it. Unseen is none.
type Found = (Verdict, EventRef);

impl<'a> Office<'a> {
    fn new(checklist: &'a Checklist, district: &'a District, options: &Options) -> Self {
        let mut rng = Rng::with_seed(options.seed);
        let workers = CREW.into_iter().chain([CHIEF]).map(|w| Worker::new(&mut rng, w)).collect();
        let sites = district.sites.iter().take(options.sites.max(1));
        let beats = sites.enumerate().map(|(n, site)| Beat::new(&mut rng, checklist, n, site)).collect();
        Self {
            checklist,
            district: made(district.id.as_str()),
            rng,
            workers,
            beats,
            world: BTreeMap::new(),
            found: BTreeMap::new(),
            disputes: Vec::new(),
            cases: BTreeMap::new(),
            claimed: BTreeSet::new(),
            walks: Vec::new(),
            reviews: Vec::new(),
        }
    }

    /// One day: the review of the day before, the walks, and what changes over night.
    fn work(&mut self, midnight: i64) {
        for who in 0..self.workers.len() {
            // Where there is little to walk, somebody has work at his desk in the morning.
            let late = who != CHIEF_AT && self.beats.len() <= 8 && self.chance(0.3);
            self.workers[who].free = midnight + if late { 14 } else { 8 } * HOUR + self.between_walks();
        }
        if !self.walks.is_empty() {
            self.review(midnight - DAY);
        }
        let mut sites: Vec<usize> = (0..self.beats.len()).collect();
        self.rng.shuffle(&mut sites);
        for (n, site) in sites.into_iter().enumerate() {
            if n > 0 && self.chance(0.15) {
                continue;
            }
            let close = midnight + 16 * HOUR + 30 * MINUTE;
            let Some(who) = self.one_free(close, None) else { break };
            let plan = self.plan(site);
            self.walk(who, &plan);
            // The very first walk is walked twice, so that the smallest sample has something to compare.
            if (self.walks.len() == 1 || self.chance(1.0 / 3.0))
                && let Some(second) = self.one_free(close, Some(who))
            {
                let plan = self.plan_again(plan);
                self.walk(second, &plan);
            }
        }
        self.evening();
        self.night();
    }

    /// What one walk judges: 3 to 6 places with the targets that apply there, then the whole community.
    fn plan(&mut self, site: usize) -> Vec<Spot> {
        let (mut places, mut whole) = (self.beats[site].places.clone(), self.beats[site].whole.clone());
        self.rng.shuffle(&mut places);
        self.rng.shuffle(&mut whole);
        whole.truncate(self.rng.usize(10..=25));
        whole.sort_unstable();
        let (wanted, room) = (self.rng.usize(70..130), 150 - whole.len());
        let mut spots = Vec::new();
        let mut visited = 0;
        for place in places {
            let here = on_walks(self.checklist, |t| t.applies_at(place.kind.as_str()));
            let wants = visited < 3 || (visited < 6 && spots.len() < wanted);
            if wants && spots.len() + here.len() <= room {
                visited += 1;
                spots.extend(here.into_iter().map(|target| Spot { site, place: Some(place.clone()), target }));
            }
        }
        spots.extend(whole.into_iter().map(|target| Spot { site, place: None, target }));
        spots
    }

    /// The same walk by somebody else, who looks at mostly the same and saves a place where there are many.
    fn plan_again(&mut self, mut plan: Vec<Spot>) -> Vec<Spot> {
        let places: BTreeSet<Option<Place>> = plan.iter().map(|s| s.place.clone()).filter(Option::is_some).collect();
        if let Some(saved) = places.last().filter(|_| places.len() > 3 && plan.len() > 110) {
            plan.retain(|s| s.place != *saved);
        }
        plan.retain(|_| self.rng.f64() < 0.95);
        plan
    }

    /// An inspector who can start before then.
    fn one_free(&mut self, before: i64, but: Option<usize>) -> Option<usize> {
        let able = |w: &usize| Some(*w) != but && self.workers[*w].free < before;
        let free: Vec<usize> = (0..CHIEF_AT).filter(able).collect();
        self.rng.choice(free)
    }

    /// Seconds of other work before the next walk: the more communities, the less.
    fn between_walks(&mut self) -> i64 {
        let spare = 240 / self.beats.len().max(4) as i64;
        self.rng.i64(5..=5 + spare) * MINUTE
    }

    fn walk(&mut self, who: usize, plan: &[Spot]) {
        let log = self.walked(who, plan);
        for (spot, (verdict, seq)) in &log.heads {
            if *verdict != Verdict::Unseen {
                let heads = self.found.entry(spot.clone()).or_default();
                heads.push((*verdict, made(format!("{}#{seq}", log.head.id))));
            }
        }
        self.walks.push(log);
    }

    /// A walk that only its laptop knows: it was started on the last day and never arrived whole.
    fn unsaved_walk(&mut self) -> Option<Log> {
        let plan = (!self.beats.is_empty()).then(|| self.plan(0))?;
        let first = (0..CHIEF_AT).min_by_key(|w| self.workers[*w].free)?;
        Some(self.walked(first, &plan))
    }

    fn walked(&mut self, who: usize, plan: &[Spot]) -> Log {
        let site = plan.first().map_or(0, |s| s.site);
        let mut log = self.sit_down(who, Some(site));
        let pause = self.chance(0.15).then(|| self.rng.usize(plan.len() / 3..=plan.len()));
        for (n, spot) in plan.iter().enumerate() {
            if n > 0 && plan[n - 1].place != spot.place {
                log.wait(self.rng.u64(60_000..240_000));
            }
            if pause == Some(n) {
                log.wait(self.rng.u64(4_000..30_000));
                log.write(Act::End { why: Some(Why::Paused) });
                log.wait(self.rng.u64(300_000..900_000));
                log.write(Act::Resume { why: Some(Why::Paused) });
            }
            self.judge(&mut log, who, spot);
        }
        self.stand_up(&mut log, who);
        log
    }

    /// A new session; a walk has a site.
    fn sit_down(&mut self, who: usize, site: Option<usize>) -> Log {
        let real = self.workers[who].free;
        let stopped = site.is_some() && self.walks.len() == STOPPED_CLOCK;
        let clock = if stopped { self.rng.i64(60..HOUR) } else { real };
        let ms = self.rng.u64(5_000..60_000);
        let worker = &mut self.workers[who];
        worker.sessions += 1;
        let site_ref = |s: usize| {
            let site = self.beats[s].site;
            SiteRef { id: made(site.id.as_str()), name: site.name.clone() }
        };
        let head = Head {
            id: session_id(clock as u64 * 1000 + ms, &mut self.rng),
            kind: if site.is_some() { Kind::Walk } else { Kind::Review },
            by: worker.person.clone(),
            device: Device { id: worker.device.clone(), session: worker.sessions },
            district: Some(self.district.clone()),
            site: site.map(site_ref),
            round: site.map(|_| made(stamp(real).date())),
            source: site.map(|_| source(&mut self.rng, self.walks.len())),
            checklist: ChecklistRef {
                id: made(self.checklist.id.as_str()),
                edition: made(self.checklist.edition.as_str()),
                sha256: made(self.checklist.sha256.as_str()),
            },
            started: stamp(clock + ms as i64 / 1000),
            app: made(env!("CARGO_PKG_VERSION")),
        };
        Log { head, clock, ms, events: Vec::new(), heads: BTreeMap::new(), began: real }
    }

    /// The end of a session; the next one starts after the way there, and not at noon.
    fn stand_up(&mut self, log: &mut Log, who: usize) {
        log.wait(self.rng.u64(4_000..30_000));
        log.write(Act::End { why: Some(Why::Finished) });
        let free = log.began + log.ms as i64 / 1000 + self.between_walks();
        let midnight = log.began - (log.began - FIRST_DAY) % DAY;
        let noon = midnight + 12 * HOUR..midnight + 14 * HOUR;
        let rest = if noon.contains(&free) { noon.end + self.rng.i64(0..20) * MINUTE } else { free };
        self.workers[who].free = rest;
    }

    /// A verdict, now and then after a slip of the key that is taken back or judged again.
    fn judge(&mut self, log: &mut Log, who: usize, spot: &Spot) {
        let verdict = self.see(who, spot);
        let slip = if verdict == Verdict::Pass { Verdict::Unseen } else { Verdict::Pass };
        let fate = self.rng.u32(0..100);
        if fate < 2 {
            log.wait(self.rng.u64(4_000..30_000));
            let of = log.judge(spot, Judgement { note: None, ..self.judgement(log.began, spot, slip) });
            log.wait(self.rng.u64(4_000..8_000));
            if fate == 0 {
                log.write(Act::Undo { of });
                log.wait(self.rng.u64(4_000..8_000));
            }
        } else {
            log.wait(self.rng.u64(4_000..30_000));
        }
        log.judge(spot, self.judgement(log.began, spot, verdict));
        if fate == 99 {
            log.wait(self.rng.u64(4_000..30_000));
            let target = Some(self.checklist.target(spot.target).id.clone());
            log.write(Act::Remark { target, place: spot.place.clone(), note: made(self.one_of(&REMARKS)) });
        }
    }

    /// What an inspector makes of how a spot really is.
    fn see(&mut self, who: usize, spot: &Spot) -> Verdict {
        let (misses, objects) = (self.workers[who].misses, self.workers[who].objects);
        let condition = self.condition(spot);
        if self.chance(0.03) {
            return Verdict::Unseen;
        }
        let (right, wrong, errs) = match condition {
            Condition::Good | Condition::Mended(_) => (Verdict::Pass, Verdict::Fail, objects),
            Condition::Faulty(_) => (Verdict::Fail, Verdict::Pass, misses),
            Condition::Lacking => (Verdict::Na, Verdict::Fail, misses),
        };
        match (self.chance(errs), self.chance(0.15)) {
            (false, _) => right,
            (true, true) if right != Verdict::Na => Verdict::Na,
            (true, _) => wrong,
        }
    }

    fn condition(&mut self, spot: &Spot) -> Condition {
        let faults = self.checklist.target(spot.target).faults.len().max(1);
        let rng = &mut self.rng;
        *self.world.entry(spot.clone()).or_insert_with(|| match rng.u32(0..100) {
            0..8 => Condition::Faulty(rng.usize(0..faults)),
            8..12 => Condition::Lacking,
            _ => Condition::Good,
        })
    }

    fn judgement(&mut self, now: i64, spot: &Spot, verdict: Verdict) -> Judgement {
        let target = self.checklist.target(spot.target);
        let fails = verdict == Verdict::Fail;
        let note = match verdict {
            Verdict::Fail => self.fault(spot, target),
            Verdict::Unseen if self.chance(0.4) => Some(made(self.one_of(&UNSEEN))),
            _ => None,
        };
        Judgement {
            target: target.id.clone(),
            verdict,
            place: spot.place.clone(),
            note,
            unit: (fails && self.chance(0.5)).then(|| made(self.one_of(units(spot)))),
            due: (fails && self.chance(0.2)).then(|| made(stamp(now + self.rng.i64(1..=7) * DAY).date())),
            photos: Vec::new(),
            measure: Vec::new(),
            covers: Vec::new(),
        }
    }

    /// The fault in words, with a remark now and then; some inspectors write nothing.
    fn fault(&mut self, spot: &Spot, target: &Target) -> Option<Note> {
        let which = match self.condition(spot) {
            Condition::Faulty(which) | Condition::Mended(which) => which,
            Condition::Good | Condition::Lacking => self.rng.usize(0..target.faults.len().max(1)),
        };
        let text = target.faults.get(which).map(|f| f.zh.clone())?;
        match self.rng.u32(0..100) {
            0..12 => None,
            12..32 => Note::try_from(format!("{text}，{}", self.one_of(&EXTENTS))).ok(),
            _ => Note::try_from(text).ok(),
        }
    }

    /// Sorts the verdicts of the day: what differs is a dispute, a fail opens a case, a pass closes it.
    fn evening(&mut self) {
        self.disputes.clear();
        for (spot, heads) in std::mem::take(&mut self.found) {
            let (verdict, event) = &heads[0];
            if heads.iter().any(|(other, _)| other != verdict) {
                self.disputes.push((spot, heads));
            } else if *verdict == Verdict::Fail {
                self.claimed.remove(&spot);
                self.cases.entry(spot).or_insert(event.clone());
            } else if *verdict == Verdict::Pass {
                self.claimed.remove(&spot);
                self.cases.remove(&spot);
            }
        }
    }

    /// Some faults are put right, some come back, some are new.
    fn night(&mut self) {
        for condition in self.world.values_mut() {
            let luck = self.rng.f64();
            *condition = match *condition {
                Condition::Faulty(which) if luck < 0.2 => Condition::Mended(which),
                Condition::Mended(which) if luck < 0.06 => Condition::Faulty(which),
                // What has held for a while does not come back any more.
                Condition::Mended(_) if luck < 0.3 => Condition::Good,
                Condition::Good if luck < 0.012 => Condition::Faulty(0),
                same => same,
            };
        }
    }

    /// The supervisor's morning: what the units report as put right, and rulings on some disputes of the day before.
    fn review(&mut self, day: i64) {
        let mut log = self.sit_down(CHIEF_AT, None);
        let mut spots: Vec<Spot> = self.cases.keys().filter(|s| !self.claimed.contains(s)).cloned().collect();
        self.rng.shuffle(&mut spots);
        spots.truncate(self.rng.usize(3..=6));
        for spot in spots {
            self.claim(&mut log, &spot);
        }
        let mut disputes = std::mem::take(&mut self.disputes);
        self.rng.shuffle(&mut disputes);
        // Most disputes stay open, as in life.
        disputes.truncate(self.rng.usize(2..=4).min(disputes.len().div_ceil(3)));
        for (spot, heads) in disputes {
            log.wait(self.rng.u64(20_000..90_000));
            let ruling = self.ruling(day, spot, &heads);
            log.write(Act::Rule(ruling));
        }
        self.stand_up(&mut log, CHIEF_AT);
        self.reviews.push(log);
    }

    /// A claim that a fault was put right. Not every claim is true.
    fn claim(&mut self, log: &mut Log, spot: &Spot) {
        let honest = self.chance(0.6);
        if let (true, Some(Condition::Faulty(which))) = (honest, self.world.get(spot)) {
            self.world.insert(spot.clone(), Condition::Mended(*which));
        }
        log.wait(self.rng.u64(10_000..60_000));
        let note = format!("{}，{}报", self.one_of(&DONE), self.one_of(units(spot)));
        if let Some(case) = self.cases.get(spot).cloned() {
            self.claimed.insert(spot.clone());
            log.write(Act::Fixed { case, note: Some(made(note)), photos: Vec::new() });
        }
    }

    fn ruling(&mut self, day: i64, spot: Spot, heads: &[Found]) -> Ruling {
        let verdict = heads[self.rng.usize(0..heads.len())].0;
        let reason = match verdict {
            Verdict::Fail => self.one_of(&REASON_FAIL),
            Verdict::Na => self.one_of(&REASON_NA),
            Verdict::Pass | Verdict::Unseen => self.one_of(&REASON_PASS),
        };
        Ruling {
            site: made(self.beats[spot.site].site.id.as_str()),
            round: made(stamp(day).date()),
            target: self.checklist.target(spot.target).id.clone(),
            place: spot.place,
            saw: heads.iter().map(|(_, event)| event.clone()).collect(),
            verdict,
            reason: made(reason),
        }
    }

    fn chance(&mut self, share: f64) -> bool {
        self.rng.f64() < share
    }

    fn one_of(&mut self, texts: &[&'static str]) -> &'static str {
        texts[self.rng.usize(0..texts.len())]
    }
}

impl Worker {
    fn new(rng: &mut Rng, (code, name, misses, objects): (&str, &str, f64, f64)) -> Self {
        let person = Person { id: made(code), name: Some(made(name)) };
        let device = made(format!("{:016x}", rng.u64(..)));
        Self { person, device, sessions: rng.u64(0..30), free: 0, misses, objects }
    }
}

impl<'a> Beat<'a> {
    fn new(rng: &mut Rng, checklist: &Checklist, n: usize, site: &'a Site) -> Self {
        let stem = site.name.zh.trim_end_matches("社区");
        let known = PLACES.iter().filter(|(kind, _)| checklist.place_type(kind).is_some());
        let place = |(kind, names): &(&str, &str)| {
            let names: Vec<&str> = names.split(' ').collect();
            let name = names[n % names.len()].replace('~', stem);
            Place { kind: made(*kind), name: Name::try_from(name).ok() }
        };
        let mut places: Vec<Place> = known.map(place).collect();
        let everywhere = PLACES_EVERYWHERE.min(places.len());
        rng.shuffle(&mut places[everywhere..]);
        places.truncate(PLACES_OF_A_SITE);
        let mut whole = on_walks(checklist, |_| true);
        rng.shuffle(&mut whole);
        whole.truncate(30);
        Self { site, places, whole }
    }
}

/// Targets that a walk can reach, as places in reading order.
fn on_walks(checklist: &Checklist, applies: impl Fn(&Target) -> bool) -> Vec<usize> {
    let reached = |(at, t): (usize, &Target)| (t.reach != Reach::Office && applies(t)).then_some(at);
    checklist.targets().enumerate().filter_map(reached).collect()
}

/// Who has to put a fault right there.
fn units(spot: &Spot) -> &'static [&'static str] {
    match spot.place.as_ref().map(|p| p.kind.as_str()) {
        Some("market") => &["市场办", "环卫所"],
        Some("compound") => &["物业公司"],
        Some("open_compound") => &["社区居委会", "环卫所"],
        Some("main_road" | "back_alley") => &["环卫所", "城管中队"],
        Some("toilet" | "bin_point" | "park") => &["环卫所"],
        _ => &["城管中队", "社区居委会"],
    }
}

/// Mostly the subdistrict's own walks.
fn source(rng: &mut Rng, walk: usize) -> Source {
    match rng.u32(0..100) {
        _ if walk == COVERT => Source::Covert,
        0..20 => Source::Supervision,
        _ => Source::Own,
    }
}

/// A session that is being written, and afterwards as it was written.
struct Log {
    head: Head,
    /// What the laptop took for the time when the program started, in seconds since 1970.
    clock: i64,
    /// What the time was.
    began: i64,
    /// Milliseconds since the program started.
    ms: u64,
    events: Vec<Event>,
    /// What stands, with the number of the event that says so.
    heads: BTreeMap<Spot, (Verdict, u64)>,
}

impl Log {
    fn wait(&mut self, ms: u64) {
        self.ms += ms;
    }

    fn write(&mut self, act: Act) -> u64 {
        let seq = self.events.len() as u64 + 1;
        let at = stamp(self.clock + self.ms as i64 / 1000);
        self.events.push(Event { seq, at, ms: self.ms, act });
        seq
    }

    fn judge(&mut self, spot: &Spot, judgement: Judgement) -> u64 {
        let verdict = judgement.verdict;
        let seq = self.write(Act::Judge(judgement));
        self.heads.insert(spot.clone(), (verdict, seq));
        seq
    }

    /// The document with the first events only: what an earlier copy holds.
    fn text(&self, events: usize) -> String {
        let mut encoder = Encoder::new(&self.head);
        self.events.iter().take(events).for_each(|e| encoder.push(e));
        encoder.whole()
    }

    /// The name the store gives a log.
    fn name(&self, id_length: usize) -> String {
        log_name(&self.head, id_length)
    }

    /// The session as another laptop went on with it: a copy was taken along in the middle, and both were used.
    fn forked(&self) -> Self {
        let events = self.events[..self.events.len() * 2 / 3].to_vec();
        let ms = events.last().map_or(self.ms, |e| e.ms) + 900_000;
        let mut fork = Self { head: self.head.clone(), events, ms, heads: BTreeMap::new(), ..*self };
        fork.write(Act::Resume { why: Some(Why::Recovered) });
        let rest = self.events.iter().skip(self.events.len() * 2 / 3).step_by(2);
        let mut flip = Some(made("回头再看，不合格"));
        for event in rest {
            let Act::Judge(mut judgement) = event.act.clone() else { continue };
            // One verdict of the copy differs from that of the original, in the same session.
            if judgement.verdict == Verdict::Pass && flip.is_some() {
                judgement.verdict = Verdict::Fail;
                judgement.note = flip.take();
            }
            fork.wait(11_000);
            fork.write(Act::Judge(judgement));
        }
        fork.wait(9_000);
        fork.write(Act::End { why: Some(Why::Finished) });
        fork
    }
}

/// The files as they arrive.
#[derive(Default)]
struct Pile {
    files: BTreeMap<String, Vec<u8>>,
}

impl Pile {
    fn add(&mut self, name: String, text: String) {
        self.files.insert(name, text.into_bytes());
    }

    fn add_log(&mut self, log: &Log) {
        let name = log.name(8);
        let name = if self.files.contains_key(&name) { log.name(36) } else { name };
        self.add(name, log.text(log.events.len()));
    }

    /// Copies by mail, by hand, by a synchronising folder and on a stick, and one session continued on two laptops.
    fn add_copies(&mut self, walks: &[Log]) {
        let Some(last) = walks.last() else { return };
        let at = |share: usize| &walks[walks.len() * share / 8];
        let stem = |log: &Log| log.name(8).trim_end_matches(".json").to_owned();
        let whole = |log: &Log| log.text(log.events.len());
        self.add(format!("{} (1).json", stem(at(4))), whole(at(4)));
        let early = at(3).events.len() * 3 / 5;
        self.add(format!("{} - 副本.json", stem(at(3))), at(3).text(early));
        let synced = at(5);
        let day = stamp(synced.began + DAY).date().replace('-', "");
        let conflict = format!("{}.sync-conflict-{day}-101502-ABCDEFG.json", stem(synced));
        self.add(conflict, synced.text(synced.events.len().saturating_sub(9)));
        self.add(format!("U盘/{}", walks[0].name(8)), whole(&walks[0]));
        let other = &walks[(walks.len() / 4).max(1) % walks.len()];
        self.add(format!("U盘/{}", other.name(8)), other.text(other.events.len() / 2));
        // Nobody has reviewed the last walk, so no claim or ruling names an event that two laptops wrote differently.
        self.add(format!("备用机/{}", last.name(8)), whole(&last.forked()));
    }

    /// A log cut in the middle of a character, as a stick that was pulled out leaves it.
    fn add_torn(&mut self, log: &Log) {
        let text = log.text(log.events.len());
        let cut = (0..text.len() * 7 / 10).rfind(|at| !text.is_char_boundary(*at)).unwrap_or_default();
        self.files.insert(log.name(8), text.as_bytes()[..cut].to_vec());
    }
}

/// A moment on a clock of this country.
fn stamp(seconds: i64) -> Stamp {
    let zone = jiff::tz::offset(8);
    let moment = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    made(moment.display_with_offset(zone).to_string())
}

fn session_id(unix_ms: u64, rng: &mut Rng) -> SessionId {
    let mut random = [0; 10];
    rng.fill(&mut random);
    made(uuid::Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid().to_string())
}

/// A text that keeps to the rules of its type: all texts here, and those of a good checklist and district.
fn made<T: TryFrom<String, Error = String>>(text: impl Into<String>) -> T {
    T::try_from(text.into()).unwrap_or_else(|e| unreachable!("the texts of samples are good: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::Archive;
    use crate::session::Session;
    use crate::store::codec::{self, Damage, Log as Read};

    fn made_up(sites: usize, days: usize, seed: u64) -> Vec<Sample> {
        samples(&Checklist::built_in(), &District::built_in(), &Options { sites, days, seed })
    }

    fn all_read(samples: &[Sample]) -> Vec<(&str, Read)> {
        samples.iter().filter_map(|s| Some((s.name.as_str(), codec::read(&s.bytes).ok()?))).collect()
    }

    /// The logs as the office has them, without copies.
    fn originals(samples: &[Sample]) -> Vec<Read> {
        let read = all_read(samples).into_iter().filter(|(name, _)| !name.contains(['/', ' ']));
        read.filter(|(name, _)| !name.contains(".sync-")).map(|(_, log)| log).filter(|l| l.damage.is_empty()).collect()
    }

    type Heads = BTreeMap<(String, String, Option<Place>), Vec<(Verdict, EventRef)>>;

    /// The verdicts that stand, unseen left out, by round and site, target and place.
    fn heads(logs: &[Read]) -> Heads {
        let mut heads = Heads::new();
        for log in logs {
            let Some(site) = &log.head.site else { continue };
            let day = format!("{} {}", log.head.round.as_ref().unwrap(), site.id);
            for standing in Session::read(log.head.clone(), log.events().cloned()).standings() {
                let judged = standing.judgement;
                if judged.verdict != Verdict::Unseen {
                    let key = (day.clone(), judged.target.to_string(), judged.place.clone());
                    let event = made(format!("{}#{}", log.head.id, standing.seq));
                    heads.entry(key).or_default().push((judged.verdict, event));
                }
            }
        }
        heads
    }

    fn is_disputed(heads: &[(Verdict, EventRef)]) -> bool {
        heads.iter().any(|(v, _)| *v != heads[0].0)
    }

    #[test]
    fn the_same_options_give_the_same_bytes() {
        let (one, again, other) = (made_up(3, 3, 7), made_up(3, 3, 7), made_up(3, 3, 8));
        assert_eq!(one, again);
        assert!(one.iter().all(|s| s.name == "通知.json" || !other.contains(s)));
    }

    #[test]
    fn everything_can_be_read_but_what_is_meant_not_to() {
        for (sites, days) in [(0, 0), (1, 1), (1, 2), (6, 5), (16, 30), (99, 2)] {
            let samples = made_up(sites, days, 1);
            let refused: Vec<&str> =
                samples.iter().filter(|s| codec::read(&s.bytes).is_err()).map(|s| s.name.as_str()).collect();
            assert_eq!(refused, ["通知.json"]);
            let read = all_read(&samples);
            let torn: Vec<&Read> = read.iter().map(|(_, l)| l).filter(|l| !l.damage.is_empty()).collect();
            assert_eq!(torn.len(), 1);
            assert!(matches!(torn[0].damage[..], [Damage::CutShort { .. }]), "{:?}", torn[0].damage);
            let whole = read.iter().filter(|(_, l)| l.head.id == torn[0].head.id).count();
            assert_eq!(whole, 1, "the torn log exists nowhere else");
        }
    }

    #[test]
    fn one_session_is_forked_and_every_other_copy_adds_nothing() {
        for (sites, days) in [(1, 1), (6, 5)] {
            let mut archive = Archive::default();
            let samples = made_up(sites, days, 1);
            let read = all_read(&samples);
            read.into_iter().for_each(|(_, log)| archive.add(&log.head, log.lines));
            assert_eq!(archive.members().filter(|m| m.is_forked()).count(), 1);
            assert_eq!(archive.members().count(), originals(&samples).len() + 1);
        }
    }

    #[test]
    fn walks_look_like_walks() {
        let (checklist, district) = (Checklist::built_in(), District::built_in());
        for log in originals(&made_up(16, 8, 1)).iter().filter(|l| l.head.kind == Kind::Walk) {
            assert!(district.site(log.head.site.as_ref().unwrap().id.as_str()).is_some());
            let mut before: Option<&Event> = None;
            let mut judged = 0;
            for event in log.events() {
                let (date, time) = (event.at.date(), event.at.time());
                assert!(date.starts_with("1970-01-01") || ("08:00".."18:00").contains(&time), "{}", event.at);
                if let Some(before) = before {
                    let seconds = event.at.seconds() - before.at.seconds();
                    assert!(event.ms > before.ms && seconds.abs_diff((event.ms - before.ms) as i64 / 1000) <= 1);
                }
                before = Some(event);
                let Act::Judge(judgement) = &event.act else { continue };
                judged += 1;
                let target = checklist.target(checklist.position(&judgement.target).unwrap());
                assert!(judgement.place.as_ref().is_none_or(|p| target.applies_at(p.kind.as_str())));
            }
            assert!((55..=165).contains(&judged), "{judged}");
        }
    }

    #[test]
    fn verdicts_and_disputes_have_plausible_shares() {
        for seed in 1..4 {
            let heads = heads(&originals(&made_up(6, 5, seed)));
            let all: Vec<Verdict> = heads.values().flatten().map(|(v, _)| *v).collect();
            let share = |v: Verdict| all.iter().filter(|a| **a == v).count() * 100 / all.len();
            let shares = (share(Verdict::Pass), share(Verdict::Fail), share(Verdict::Na));
            assert!((82..93).contains(&shares.0) && (5..13).contains(&shares.1), "{shares:?}");
            assert!((2..7).contains(&shares.2), "{shares:?}");
            let twice: Vec<_> = heads.values().filter(|h| h.len() > 1).collect();
            let disputed = twice.iter().filter(|h| is_disputed(h)).count();
            let permille = disputed * 1000 / twice.len();
            assert!((35..90).contains(&permille), "{disputed} of {}", twice.len());
        }
        assert!(heads(&originals(&made_up(1, 1, 1))).values().any(|h| is_disputed(h)));
    }

    #[test]
    fn rulings_are_on_disputes_and_have_seen_all_of_them() {
        let logs = originals(&made_up(6, 5, 1));
        let heads = heads(&logs);
        let mut ruled = 0;
        for event in logs.iter().flat_map(Read::events) {
            let Act::Rule(ruling) = &event.act else { continue };
            let day = format!("{} {}", ruling.round, ruling.site);
            let heads = &heads[&(day, ruling.target.to_string(), ruling.place.clone())];
            assert!(is_disputed(heads) && heads.iter().any(|(v, _)| *v == ruling.verdict));
            let saw: BTreeSet<&EventRef> = ruling.saw.iter().collect();
            assert_eq!(saw, heads.iter().map(|(_, event)| event).collect());
            ruled += 1;
        }
        let disputed = heads.values().filter(|h| is_disputed(h)).count();
        assert!(ruled >= 4 && ruled * 2 < disputed, "{ruled} of {disputed}");
    }

    #[test]
    fn some_claims_hold_some_do_not_and_some_wait() {
        let logs = originals(&made_up(6, 5, 1));
        let mut fates = BTreeSet::new();
        for (review, case) in logs.iter().flat_map(|l| {
            let cases = l.events().filter_map(|e| if let Act::Fixed { case, .. } = &e.act { Some(case) } else { None });
            cases.map(move |case| (l, case))
        }) {
            let (id, seq) = case.as_str().split_once('#').unwrap();
            let walk = logs.iter().find(|l| l.head.id.as_str() == id).unwrap();
            let Act::Judge(fail) = &walk.lines[seq.parse::<usize>().unwrap() - 1].event.act else { panic!("{case}") };
            assert_eq!(fail.verdict, Verdict::Fail);
            let later = logs.iter().filter(|l| l.head.site == walk.head.site);
            let later = later.filter(|l| l.head.round.as_ref().unwrap().as_str() >= review.head.started.date());
            let seen = later.flat_map(Read::events).find_map(|e| match &e.act {
                Act::Judge(j) if (&j.target, &j.place) == (&fail.target, &fail.place) => Some(j.verdict),
                _ => None,
            });
            fates.insert(seen);
        }
        assert!([Some(Verdict::Pass), Some(Verdict::Fail), None].iter().all(|fate| fates.contains(fate)), "{fates:?}");
    }
}
