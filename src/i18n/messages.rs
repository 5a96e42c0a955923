//! Every text of the program, both languages side by side. A missing language does not compile.
//!
//! No character here has an ambiguous width (`…`, `·`, `“`, `→` ...): some terminals draw those two cells wide.

use crate::i18n::Msg;

macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident $zh:literal $en:literal;)*) => {
        $($(#[$doc])* pub const $name: Msg = Msg { zh: $zh, en: $en };)*

        /// The whole table, for the tests that go through it.
        #[cfg(test)]
        pub const ALL: &[(&str, Msg)] = &[$((stringify!($name), $name)),*];
    };
}

messages! {
    // Verdicts and what goes with them.
    PASS "合格" "pass";
    FAIL "不合格" "fail";
    NA "不适用" "n/a";
    UNSEEN "未查" "unseen";
    UNANSWERED "未判" "unanswered";
    REMARK "备注" "remark";
    LOOK "看" "Look";
    LABEL_PASS "合格" "Pass";
    LABEL_FAIL "不合格" "Fail";
    LIMIT_PLACE "限值" "Limit";
    LIMIT_AREA "全域限值" "Area limit";
    COMMON_FAULTS "常见问题" "Common faults";
    CLAUSE "第{n}条" "clause {n}";
    EVIDENCE "依据" "Evidence";
    MARK_V2 "V2 两处以上独立来源" "V2 found in two or more sources";
    MARK_V1 "V1 一处来源" "V1 found in one source";
    MARK_M "待核实" "unconfirmed";
    MARK_D "D 本项目拟定" "D decided by this project";
    METHOD_OBSERVE "观察" "observe";
    METHOD_MEASURE "测数" "measure";
    METHOD_DOCUMENT "查资料" "see papers";
    METHOD_ASK "询问" "ask";
    REACH_STREET "街面可查" "from the street";
    REACH_INSIDE "入内可查" "step inside";
    REACH_OFFICE "办公室资料" "office papers";
    DUE_NOW "当场整改" "put right at once";
    DUE_DAY "24小时内整改" "within 24 hours";
    DUE_THREE_DAYS "3日内整改" "within 3 days";
    DUE_WEEK "7日内整改" "within 7 days";
    DUE_MONTH "30日内整改" "within 30 days";
    DUE_PLAN "列计划整改" "needs a plan";
    REASON_LOCKED "锁门或歇业" "Locked or closed";
    REASON_REFUSED "拒绝检查" "Entry refused";
    REASON_BLOCKED "通道受阻" "Way blocked";
    REASON_DARK "光线不足" "Too dark to see";
    REASON_UNSAFE "不安全" "Unsafe";

    // The header and the message line.
    SAVED "已保存 {at}" "saved {at}";
    SAVING "保存中" "saving";
    UNSAVED "未保存" "NOT SAVED";
    READING "只看" "read only";
    NOT_SAVED
        "未保存 {n} 条: {why}。请勿关机；可继续巡查，会自动重试；请腾出空间或插回磁盘。文件:"
        "NOT SAVED, {n} at risk: {why}. Do not switch off; go on, it is tried again; free space or put the disk back. File:";
    DISK_FULL "磁盘已满" "disk full";
    DISK_QUOTA "超出配额" "over quota";
    DISK_READ_ONLY "磁盘只读" "disk is read-only";
    DISK_DENIED "没有权限" "no permission";
    DISK_GONE "没有这个文件或目录" "no such file or folder";
    DISK_LIMIT "文件超过系统限制" "over the system's limit for files";
    DISK_EXISTS "已有同名的文件" "there is one of that name";
    DISK_IS_FOLDER "是目录，不是文件" "a folder, not a file";
    DISK_NO_FOLDER "不是目录" "not a folder";
    DISK_NO_FILE "不是普通文件" "not an ordinary file";
    DISK_NAME "名称不能用" "the name cannot be used";
    DISK_AWAY "磁盘已卸下或没有插好" "the disk is not connected";
    DISK_CHANGED "文件被其他程序改动或移走" "another program changed or removed the file";
    DISK_BUSY "文件被其他程序占用" "another program is using the file";
    DISK_OTHER_WRITER "这份日志在别处也打开了（{who}），请关闭其中一个" "this log is also open elsewhere ({who}); close one of the two";
    DISK_ERROR "读写出错" "reading or writing failed";
    NO_ANSWER "磁盘没有回应" "the disk does not answer";
    MIRROR_LOST "副本写不了: {path}: {why}；主日志不受影响，插回后自动补上" "Second copy fails: {path}: {why}; the log itself is safe, the copy catches up when it is back";
    MIRROR_HANGS "副本所在的磁盘没有回应；主日志不受影响，恢复后自动补上" "The disk of the second copy does not answer; the log itself is safe, the copy catches up when it does";
    SAVED_NO_COPY "{saved} 无副本" "{saved}, no copy";
    MIRROR_BACK "副本已恢复" "The second copy is up to date again";
    LOG_MENDED "日志被其他程序改动或移走，已重新写好，内容完整" "Another program changed or removed the log. It has been written again, complete";
    LOG_KEPT_ASIDE
        "{path} 里有别处写的内容，没有覆盖，已留作 {kept}；汇总该目录时会读入"
        "{path} held content written elsewhere. It was not overwritten: it is kept as {kept}, and merging the folder reads it";
    MOVED "日志改存到 {path}" "The log goes on in {path}";
    TITLE_UNSAVED "还有没保存的记录" "Not everything is saved";
    TITLE_TAKEN "这份日志现在不能写" "This log cannot be written now";
    WAIT_FOR_DISK "返回，等磁盘恢复" "Back, and wait for the disk";
    OTHER_FOLDER "改存到另一个目录" "Save in another folder";
    OTHER_FOLDER_HINT "已有的目录，如 U 盘或桌面的路径" "A folder that exists, as on a stick or the desktop";
    LEAVE_UNSAVED "仍要离开（另存一份）" "Leave all the same (a rescue file is written)";
    GO_BACK "返回" "Back";
    ONLY_LOOK "只看，不修改" "Only look at it";
    CLOCK_JUMPED "电脑时钟跳了 {n} 分钟（休眠或改时间）；次序和判定不受影响" "The clock jumped by {n} min (sleep, or somebody set it); order and verdicts are not affected";
    CLOCK_OLD "电脑日期是 {at}，早于本程序，请校准；记录照常" "The computer says {at}, before this program was made: set its clock; recording goes on";
    CLOCK_BEHIND "电脑时钟比已有记录还早（{at}），请校准；记录照常" "The clock ({at}) is behind what is already recorded: set it; recording goes on";
    UNSAVED_AT_END "有 {n} 条未能保存，也没能另存；退出程序时显示全部内容，请复制留存" "{n} could not be saved, nor written elsewhere; the whole log is printed when you quit: copy it from there";
    UNSAVED_RESCUED "有 {n} 条未能存入日志；全部内容已另存为 {rescue}" "{n} could not be saved in the log; the whole log is in {rescue}";
    TOO_SMALL "窗口太小，至少 {w}x{h}" "Window too small, needs {w}x{h}";
    FIRST_HINT
        "先按 w 选点位；每判一项当即保存；? 看全部按键"
        "w sets the place; verdicts are saved at once; ? keys";
    JUDGED "{id} {verdict}   u 撤销" "{id} {verdict}   u takes it back";
    JUDGED_ANEW "{id} 由{before}改为{verdict}   u 撤销" "{id} changed from {before} to {verdict}   u takes it back";
    JUDGED_ELSEWHERE
        "{id} 整个社区 {verdict}；{place} 的不合格仍在   u 撤销"
        "{id} {verdict} for the whole community; the fail at {place} stands   u takes it back";
    CLEAR_ELSEWHERE "{id} 的判定在 {place}，到那里再清除" "{id} was judged at {place}; clear it there";
    NOW_AT "现在: {place}" "Now at: {place}";
    DRAFT "草稿" "draft";
    DRAFTS_LEFT "备注草稿:" "Notes left as drafts:";
    DRAFTS_RECORDED "{n} 条备注草稿已记入，重新打开后可撤销" "Drafts recorded as notes: {n}   reopen the walk to undo";
    DRAFTS_FOUND "上次有未确认的备注: {ids}，回车打开" "Notes left unaccepted: {ids}; Enter opens them";
    NOTED "{id} {verdict}: {note}   u 撤销" "{id} {verdict}: {note}   u takes it back";
    NOTE_COPIED "{id} 沿用备注: {note}" "{id} same note: {note}";
    DRAFT_KEPT "{id} 备注未确认，已留作草稿；回到 {id} 按回车再打开" "{id} note kept as a draft; back at {id}, Enter opens it again";
    CLEARED "{id} 已清除本次判定" "{id} verdict taken back";
    NO_NOTE "无备注" "no note";
    UNDONE "已撤销 {id}，现为{state}" "Undone: {id} is now {state}";
    UNDONE_MANY
        "已连续撤销 {n} 步，{id} 现为{state}   {key} 一步步恢复"
        "Undone {n} steps in a row; {id} is now {state}   {key} brings them back one by one";
    REDONE "已重做 {id}，现为{state}" "Redone: {id} is now {state}";
    NOTHING_TO_UNDO "没有可撤销的" "Nothing to undo";
    NOTHING_TO_REDO "没有可重做的" "Nothing to redo";
    NOTHING_TO_CLEAR "{id} 此处没有判定可清除" "{id} has no verdict here to clear";
    NOTHING_TO_REPEAT
        "沿用备注只用于此处已判不合格的目标，且本次巡查已有备注"
        "Repeating a note needs a fail here and an earlier note of this walk";
    PICK_TYPE "+ {name}: 先选类型" "+ {name}: pick its type";
    PICK_TYPE_FIRST "还没有设点位: 按下键选 {name} 的类型，再按回车" "No place yet: pick the type of {name} with Down, then Enter";
    TITLE_ANSWER "{target}: 此处已问过一人" "{target}: answered here already";
    KEEP_ANSWER "保留已有回答 ({answer})" "Keep the first answer ({answer})";
    REPLACE_ANSWER "改为{verdict}，原来的回答不再算" "Replace it with {verdict} (the first answer goes)";
    ANSWER_HINT "一处暂只记一人的回答；另一人说的可写进备注" "One answer counts per place for now; note down others";
    ANSWER_SAME "{id} 此处已有同样的回答 ({answer})，没有另记" "{id} has the same answer here already ({answer}); not recorded twice";
    ANSWER_KEPT "{id} 保留已有回答 ({answer})" "{id}: the first answer is kept ({answer})";
    NOTHING_LISTED "此处没有要列出的目标，v 换筛选，w 换点位" "Nothing to list here: v changes the filter, w the place";
    ALL_DONE "全部目标都已判定: q 小结，方向键选一项改判" "All targets judged   q: summary   arrows: correct one";
    ALL_DONE_HERE
        "本点位已查完: 回车或 w 换点位，方向键选一项改判，q 小结"
        "This place is done   Enter or w: next place   arrows: correct one   q: summary";
    NOTHING_JUDGED "没有判定。" "Nothing judged. ";
    PLAIN_ALL_DONE "全部目标都已判定，q 小结" "Every target is answered; q for the summary";
    PLAIN_DONE_HERE "本点位已查完，w 换点位，q 小结" "This place is done; w for the next place, q for the summary";
    HELD_KEY "同一键按住不放只算一次" "A held key counts once";
    FAST "{s} 秒内判了 {n} 项，都看过了吗？" "{n} verdicts in {s} s: still looking?";
    PASTE_DROPPED "粘贴的内容不当按键用，未作任何判定" "Pasted text is not taken as keys; nothing was judged";
    INPUT_METHOD_ON "中文输入法已开启: 按 Shift 切换，或用 1/2/3/4，5 点位，退格 撤销，F1 帮助，F10 小结" "The Chinese input method is on: press Shift, or use 1/2/3/4, 5 place, Backspace undo, F1 help, F10 summary";
    NO_SUCH_KEY "{key} 在这里没有作用，? 看按键" "{key} does nothing here; ? shows the keys";
    READ_ONLY "这是已结束的记录，只能看；r 重新打开" "This walk is finished and only to look at; r reopens it";
    NOT_FINISHED "本次巡查尚未结束，无需重新打开" "This walk is not finished; nothing to reopen";
    REOPEN_WHAT "先选一条已结束的巡查" "Choose a finished walk first";
    RUN_CHECK "读不了，请运行: xunjie check {path}" "Cannot be read; run: xunjie check {path}";
    CLOSED "日志: {path}" "Log: {path}";
    AT_PLACE "{place}: {n} 项目标" "{place}: {n} targets";
    NO_HITS "先用 / 查找" "Search with / first";
    HIT "结果 {i}/{n}" "Hit {i} of {n}";
    FILTERED "筛选: {filter}，{n} 项" "Filter: {filter}, {n} targets";
    FILTER_ALL "全部" "all";
    FILTER_UNANSWERED "未判" "unanswered";
    FILTER_FAILED "不合格" "failed";
    FILTER_WITHOUT_NOTE "不合格无备注" "failed without a note";
    FILTER_DIFFERENT "与上次不同" "different from last time";

    // The walk screen.
    CATEGORIES "类别" "Categories";
    THIS_WALK "本次" "This walk:";
    LAST_SHORT "上次 {mark} {date}" "last {mark} {date}";
    LAST_HERE "上次" "Last here:";
    MORE "其余按 i 看全文" "i shows the rest";
    WHOLE_SITE "整个社区" "Whole community";
    LEFT_HERE "还剩 {n} 项" "{n} left";
    BIG_SHOWN "大卡片: 判定键照常，z 或 F9 回到列表" "Big card: verdict keys as ever, z or F9 for the list";
    TARGETS "{n} 项" "{n} targets";
    NOT_HERE "(不在此点位)" "(not at this place)";
    TAKEN_BACK "(已撤销)" "(taken back)";
    EARLIER "以前" "Earlier";
    NONE "没有记录" "Nothing known";

    // Popups.
    FIELD "内容" "Text";
    FILTER_FIELD "查找" "Find";
    TITLE_SEARCH "查找目标: 编号、中文、英文、拼音或首字母" "Find a target: id, Chinese, English or pinyin";
    TITLE_PLACES "点位: 选已有的，或用 + 新建" "Place: choose one, or make one with +";
    TITLE_OVERVIEW "点位概览" "Places";
    KEY_OVERVIEW "概览" "overview";
    HELP_OVERVIEW "点位概览：查过的点位和判定，没到的场所类型" "Places done with their verdicts, place types nobody has been to";
    PLACES_DONE "查过的点位" "Places done";
    TYPES_MISSING "本次没到的场所类型" "Place types not visited in this walk";
    PAIRS "点位上的目标 {done}/{total}" "targets at places {done}/{total}";
    NEXT_OF_TYPE "+ 下一个{type}" "+ next {type}";
    FAILING_BEFORE "以前不合格、这次还没看" "Failing before, not looked at yet";
    OPEN_BEFORE "以前有 {n} 处不合格还没复看，F4 列出" "failing before, to look at again: {n}, F4 lists them";
    TITLE_FAILURES "不合格" "Fails";
    TITLE_PHRASES "常用语" "Phrases";
    TITLE_PALETTE "命令" "Commands";
    TITLE_SUMMARY "小结" "Summary";
    TITLE_SWITCH "换社区前先结束或暂停本次巡查" "Finish or pause this walk before the next community";
    TITLE_HELP "帮助" "Help";
    TITLE_CARD "目标全文" "The target in full";
    TITLE_HISTORY "历史" "History";
    TITLE_TIME "用时" "Time";
    NOTE_TITLE "备注" "Note";
    KEY_DRAFT "留作草稿" "keep draft";
    KEY_EARLIER "以前的备注" "earlier notes";
    KEY_LATER "较近的备注" "later notes";
    HELP_ACCEPT_NOTE "确定，没改就不记" "Accept; what did not change is not recorded";
    HELP_DRAFT "留作草稿，继续巡查" "Keep as a draft and go on";
    HELP_EARLIER "以前的备注，最近的在先" "Earlier notes, the newest first";
    HELP_LATER "较近的备注" "Later notes";
    HELP_PHOTOS_NOTE "记下备注，附照片" "Record the note and attach photographs";
    DUE_ON "{day} ({n}天后)" "{day} (in {n} d)";
    DUE_TODAY "{day} (当天)" "{day} (today)";
    NOTE_DUTY "F8 责任单位: {unit}   F9 期限: {due}" "F8 unit: {unit}   F9 due: {due}";
    NO_UNIT "未定" "none yet";
    KEY_COUNT "计数" "count";
    HELP_COUNT "计数器和秒表：按限值得出判定" "Counter and stopwatch: the verdict by the limit";
    COUNT_TITLE "计数" "Count";
    COUNT_KEYS "数字 加一   左/右 减/加   Esc 留着" "Digit adds one   Left/Right less/more   Esc keeps it";
    COUNT_KEYS_AMOUNT "键入数字   左/右 减/加10   Esc 留着" "Type the number   Left/Right 10 less/more   Esc keeps it";
    COUNT_KEYS_TIMED "空格 秒表   数字 加一   左/右 减/加" "Space stopwatch   digit adds one   Left/Right less/more";
    COUNT_LIMIT "限 {limit}" "limit {limit}";
    COUNT_CLASS "路级" "class";
    COUNT_RUNNING "走表" "running";
    COUNT_PROPOSES "回车判为: {verdict}" "Enter judges: {verdict}";
    COUNT_NO_AMOUNT "先填{what}" "enter this first: {what}";
    COUNT_TIME_NOT_OVER "时间未到" "the time is not over";
    COUNT_NOT_HERE "{id} 不用计数；可计数的: {ids}" "nothing to count at {id}; there is at {ids}";
    COUNT_NOTHING "0" "none";
    COUNT_TIME_OVER "{id} {n}分钟到" "{id}: {n} minutes are over";
    TITLE_PLACE_FOR "{target}: 不在此点位，去哪里" "{target}: not at this place; where?";
    TITLE_PHOTOS "照片: {target}" "Photographs: {target}";
    KEY_PHOTOS "照片" "photos";
    HELP_PHOTOS "照片：附上、打开" "Photographs: attach, open";
    PHOTO_NEEDS_VERDICT "{id} 先判定，再附照片" "judge {id} first, then attach photographs";
    PHOTO_ATTACH "附上 {path}" "attach {path}";
    PHOTO_IS "已附: {file}" "attached: {file}";
    PHOTO_OPEN "打开 {file}" "open {file}";
    PHOTO_HINT "键入照片的路径；键入目录，以后就列出其中最新的照片" "Type the path of a photograph; type a folder, and its newest are listed from then on";
    PHOTO_COPYING "正在复制照片" "copying the photograph";
    PHOTO_STILL_COPYING "照片还在复制；再按一次就不等了" "a photograph is still being copied; press again to leave it";
    PHOTO_ATTACHED "{id} 已附照片 {file}，u 撤销" "{id} photograph {file}, u takes it back";
    PHOTO_NOT_RECORDED "照片 {file} 已复制，但那次巡查已关闭或 {id} 的判定已不在，没有记录" "photograph {file} was copied, but its walk is closed or {id} has no verdict any more: not recorded";
    PHOTOS_FOLLOWED "日志已换目录，{n} 张照片也拷到了 {path}" "the log has moved, and {n} photographs with it: {path}";
    PHOTOS_LEFT "日志已换目录，照片仍在 {path}，没能拷走：{why}" "the log has moved; the photographs are still in {path}: {why}";
    PHOTO_NONE "{path} 里没有照片" "no photograph in {path}";
    PHOTO_FAILED "没有附上照片 {path}：{why}" "photograph not attached: {path}: {why}";
    PHOTO_NOT_THERE "日志旁没有照片 {file}" "no photograph {file} beside the log";
    PHOTO_KIND "不是照片文件（jpg png heic webp gif bmp tif），或是空的" "no photograph (jpg png heic webp gif bmp tif), or empty";
    PHOTO_NO_FILE "没有这个文件" "there is no such file";
    PHOTO_TOO_LARGE "超过64 MiB" "larger than 64 MiB";
    PHOTO_MISSING "缺照片 {file}（{id}）" "photograph {file} of {id} is missing";
    PHOTO_CHANGED "照片 {file}（{id}）与记录时不同" "photograph {file} of {id} is not the one recorded";
    PHOTO_COUNT "照片{n}" "{n} photos";
    UNIT_HINT "键入名称就是新单位" "Type a name for a new unit";
    TITLE_UNITS "责任单位" "Responsible unit";
    KEY_UNIT "单位" "unit";
    KEY_DUE "期限" "due";
    HELP_UNIT "责任单位：选用或新写" "Responsible unit: pick one or type it";
    HELP_DUE "整改期限：当天、1、3、7、30天后，或目标默认" "Due: today, in 1, 3, 7, 30 days, or the target's own time";
    HELP_PHRASES_ADD "常用语" "Phrases";
    PICK_PHRASE "按数字选用；要以数字开头，接着写就是" "A digit picks a phrase; type on and it stays a number";
    PICKED_PHRASE "已选 {digit}；补充先加逗号，直接写字就当作数字" "Phrase {digit}: add with a comma; else it becomes a number";
    DIGIT_IS_TEXT "{digit} 当作数字写入，没有选常用语；Tab 选常用语" "{digit} was taken as a number, no phrase was picked. Tab: phrases";
    MORE_PHRASES "常用语 (Tab 追加):" "Phrases (Tab adds one):";
    PLACE_NAME "点位名称" "Name of the place";
    PLACE_NAME_HINT "例如 幸福巷、3号楼；留空表示该类型的唯一一处" "As Xingfu Lane, block 3; empty where there is only one, x goes back";
    TYPE_TO_SEARCH "输入编号、汉字、英文、拼音或首字母" "Type an id, Chinese, English or pinyin";
    NOTHING_FITS "没有符合的" "Nothing fits";
    FINISH_WITH_DRAFTS "结束巡查，{n} 条备注草稿一并记入" "Finish the walk and record drafts as notes: {n}";
    FINISH "结束巡查" "Finish the walk";
    PAUSE "暂停，以后继续" "Pause, to go on later";
    GO_ON "返回继续巡查" "Back to the walk";
    CLOSE "关闭" "Close";
    FAILS_WITHOUT_NOTE "不合格无备注:" "Failed without a note:";
    NOT_SEEN "未查:" "Not seen:";
    NOT_ANSWERED "未判:" "Not answered:";
    STARTED "开始 {at}" "Started {at}";
    ACTIVE "用时 {t}" "Time spent {t}";
    ANSWERED "已判 {n}/{of}" "Answered {n} of {of}";
    PACE "平均每项 {s} 秒" "{s} s a target";
    LEFT "照此还需 {t}" "At this pace {t} more";
    PAUSE_HINT "q 小结里可以暂停" "q, the summary, can pause the walk";
    ABOUT_CHECKLIST "关于检查表" "About the checklist";
    ABOUT_MARKS "关于依据" "About the evidence";
    MARKS_TEXT
        "V2 见于两处以上独立来源；V1 见于一处；M 待核实，尚未找到来源；D 由本项目拟定，使条款能判合格与否。限值是一个点位的标准；全域限值是全域的比率，不能用于一家门店。"
        "V2 was found in two or more independent sources; V1 in one; M is unconfirmed, found in none; D was decided by this project so that a clause can be passed or failed. Limit is the rule of one place; area limit is a rate over the whole area and is never applied to one shop.";

    // The walk without a screen.
    PLAIN_HINT "1 合格，2 不合格，3 不适用，4 未查，回车 下一项，w 点位，? 帮助，q 小结" "1 pass, 2 fail, 3 n/a, 4 unseen, Enter next, w place, ? help, q summary";
    PLAIN_GOES_ON "继续上次的巡查，已判 {n}/{of}" "The walk goes on, answered {n} of {of}";
    PLAIN_PROMPT "判定> " "verdict> ";
    PLAIN_PROMPT_NOTE "备注: 数字或文字，可留空> " "note, a number or text, may be empty> ";
    PLAIN_PROMPT_REASON "原因: 数字或文字，可留空> " "why, a number or text, may be empty> ";
    PLAIN_PROMPT_WHICH "选哪一个> " "which> ";
    PLAIN_PROMPT_PLACE "点位: 数字，或类型和名称> " "place, a number, or type and name> ";
    PLAIN_PROMPT_NAME "名称> " "name> ";
    PLAIN_PROMPT_FOLDER "目录> " "folder> ";
    PLAIN_ASK_NAME "{type}: 叫什么？例如 幸福巷、3号楼；留空表示唯一的一处，x 返回" "{type}: what is it called? As Xingfu Lane, block 3; empty where there is only one";
    PLAIN_COMMA "，" ", ";
    PLAIN_NOW "现为{state}" "now {state}";
    PLAIN_JUDGED_ANEW "{id} 由{before}改为{verdict}" "{id} changed from {before} to {verdict}";
    PLAIN_ELSEWHERE "{id} 整个社区 {verdict}；{place} 的不合格仍在" "{id} {verdict} for the whole community; the fail at {place} stands";
    PLAIN_UNCHANGED "{what}，与原来相同" "{what}, as before";
    PLAIN_SAVED_AGAIN "之前未保存的都已保存" "Everything is saved now";
    PLAIN_FINISHED "巡查结束" "Walk finished";
    PLAIN_PAUSED "巡查暂停，用同样的命令继续" "Walk paused; the same command goes on with it";
    PLAIN_ASK_TYPE
        "{name} 是哪类点位？写编号、名称或拼音首字母；空行不设点位"
        "{name}: what type of place is it? Number or name; an empty line makes no place";
    PLAIN_PROMPT_TYPE "类型> " "type> ";
    PLAIN_OTHER_TYPE "{name}，类型另选" "{name}, of another type";
    PLAIN_NO_TYPE "没有这个类型；写编号，空行不设点位" "No such type; write its number, an empty line makes no place";
    PLAIN_UNKNOWN "看不懂: {text}；未作任何判定，? 看怎么回答" "Not understood: {text}; nothing was judged, ? tells how to answer";
    PLAIN_TOO_MUCH "{key} 后面不写文字；未作任何判定，写备注用 m" "{key} takes no text; nothing was judged, m writes a remark";
    PLAIN_NO_TARGET "没有问到哪一项；先写编号，例如 3.10" "No target is asked about; write an id first, as 3.10";
    PLAIN_NO_NUMBER "没有第 {n} 个；未作记录" "There is no number {n}; nothing was recorded";
    PLAIN_NOTE_LETTER "只有一个字母，不当备注；请写完整，或空行略过，u 撤销判定" "One letter is no note; write it out, or an empty line goes on, u takes the verdict back";
    PLAIN_NAME_LETTER "只有一个字母，不当名称；请写完整，x 返回" "One letter is no name; write it out, x goes back";
    PLAIN_PICK "请写其中一个数字；空行返回" "Write one of the numbers; an empty line goes back";
    PLAIN_NO_PLACE "没有这种点位；写 w 看全部，- 为整个社区" "No such place; w lists them, - is the whole community";
    PLAIN_MORE "还有 {n} 项，请写得更具体" "{n} more; write more of it";
    PLAIN_TOO_LONG "太长，未作记录；备注不超过 10000 字" "Too long, nothing was recorded; a note has at most 10,000 characters";
    PLAIN_NOT_UTF8 "这一行不是 UTF-8 编码，未作记录" "This line is not UTF-8; nothing was recorded";
    PLAIN_CONTROLS "这一行有控制字符（如方向键），未作记录" "This line has control characters, as of an arrow key; nothing was recorded";
    PLAIN_PASTED "一次来了好几行，未作任何判定；请逐行回答" "Several lines came at once; nothing was judged, answer line by line";
    PLAIN_ENTER_FIRST "先按一次回车，再作回答" "Press Enter once, then answer";
    PLAIN_HASTY "问之前写的不算，未作任何判定" "What was typed before the question does not count; nothing was judged";
    PLAIN_HELP_PASS "合格" "Pass";
    PLAIN_HELP_FAIL "不合格；后面可写备注，如 2 桶满；只写 2 会列出常见问题" "Fail; a note may follow, as 2 bin full; 2 alone lists common faults";
    PLAIN_HELP_NA "不适用" "Not applicable";
    PLAIN_HELP_UNSEEN "未查；后面可写原因" "Could not be seen; why may follow";
    PLAIN_HELP_PLACE "点位；后面可写类型和名称，如 w 背街小巷 幸福巷；w - 为整个社区" "Place; type and name may follow, as w back alley Xingfu Lane; w - is the whole community";
    PLAIN_HELP_FULL "这一项的全文: 看什么，怎样算合格，上次的结果" "This target in full: what to look at, what passes, what was found before";
    PLAIN_HELP_FIND "查找，如 /果皮箱；编号、汉字、英文、拼音首字母都可以" "Find, as /bin: by id, Chinese, English or pinyin initials";
    PLAIN_HELP_LIST "列出未判的" "List what is not answered";
    PLAIN_HELP_REMARK "给现在问的一项写备注，如 m 明天再来" "Write a remark on the target that is asked about, as m come again tomorrow";
    PLAIN_HELP_PHOTO "给刚判的一项附照片，如 a 照片路径；写目录，以后只写 a 就列出其中最新的" "Attach a photograph to what was judged last, as a path/to/photo.jpg; after a folder, a alone lists its newest";
    PLAIN_HELP_UNIT "刚判不合格的责任单位，如 r 环卫所；只写 r 列出用过的" "Responsible unit of the fail given last, as r Road crew; r alone lists those used";
    PLAIN_HELP_DUE "刚判不合格的整改期限，如 d 3 为3天后，d 2020-08-30；d - 按目标默认" "Due day of the fail given last, as d 3 in three days, d 2020-08-30; d - the target's own time";
    PLAIN_HELP_COUNT "计数: 垃圾、鼠迹、蚊虫，逐样问，按限值判定" "Count litter, rat traces, mosquitoes: each is asked for, the limit judges";
    PLAIN_NO_FAIL "这里没有不合格可写；先判不合格" "No fail here to write it to; judge the fail first";
    PLAIN_DUTY "{id} 责任单位: {unit}，期限: {due}" "{id} unit: {unit}, due: {due}";
    PLAIN_BAD_DUE "期限看不懂: {text}；写天数（0 当天）或日期 2020-08-30，不早于今天" "Not a due day: {text}; write days (0 today) or a date as 2020-08-30, not before today";
    PLAIN_ASK_COUNT "{what}，现为 {n}" "{what}, now {n}";
    PLAIN_ASK_MINUTES "{what}: {n}；写分钟数，空行按秒表" "{what}: {n}; write minutes, an empty line takes the stopwatch";
    PLAIN_COUNT_STARTED "{id} 秒表已走，{n}分钟到时会说；其间照常巡查，到 {id} 再写 c 记数" "{id}: the stopwatch runs and says when {n} minutes are over; walk on, and write c at {id} to enter the count";
    PLAIN_COUNT_FOLLOWS "{counted}，判为 {verdict}" "{counted}, that is {verdict}";
    PLAIN_COUNT_KEPT "没有记录；已数的留着，再写 c 继续" "Nothing recorded; what was counted is kept, c goes on with it";
    PLAIN_PHOTO_SLOW "照片还没有复制好，好了就记下" "The photograph is not copied yet; it is recorded when it is";
    PLAIN_PROMPT_RECORD "回车记录，x 不记> " "Enter records it, x does not> ";
    PLAIN_PROMPT_COUNT "数字，空行不变，x 停> " "a number, empty keeps it, x stops> ";
    PLAIN_PROMPT_UNIT "单位: 数字或名称> " "unit, a number or a name> ";
    PLAIN_PROMPT_PHOTO "照片: 数字或路径，可留空> " "photograph, a number or a path, may be empty> ";
    PLAIN_HELP_SUMMARY "小结，再选结束、暂停或返回" "Summary, then finish, pause or go back";
    PLAIN_HELP_NEXT "空行: 下一个未判的，不作判定" "An empty line: the next unanswered target, nothing is judged";
    PLAIN_HELP_GO "编号，如 3.10 或 310: 到那一项" "An id, as 3.10 or 310: to that target";
    PLAIN_HELP_END "Ctrl-D（Windows: Ctrl-Z 回车）或输入结束: 暂停" "Ctrl-D (Windows: Ctrl-Z Enter) or the end of the input: pause";
    OPT_PLAIN "逐行问答，不用全屏，适合读屏软件和管道；TERM=dumb 时自动如此" "Question and answer line by line, no full screen: for screen readers and pipes; by itself where TERM=dumb";

    // Home and the questions.
    HOME "巡街" "xunjie";
    CONTINUE "继续" "Continue";
    NEW_WALK "新巡查" "New walk";
    LOOK_AT "看" "Look";
    PAUSED "已暂停" "paused";
    UNREADABLE "读不了" "Unreadable";
    LOG_FOLDER "日志目录 {path}" "Logs are in {path}";
    ASK_LANGUAGE "语言 / Language" "Language / 语言";
    ASK_NAME "你的姓名" "Your name";
    ASK_SITE "哪个社区" "Which community";
    ASK_SOURCE "问题来源" "Why this walk";
    ASK_ROUND "轮次" "Round";
    HINT_LANGUAGE "随时可用 F7 切换。" "F7 changes it at any moment.";
    HINT_NAME
        "写进每份日志，键入就换掉。要用工号，写成 工号=姓名，例如 zhang3=张三。"
        "Stands in every log; typing replaces it. With a code: zhang3=张三.";
    HINT_SITE "数字选前九个，上下键移动，或输入汉字、拼音、首字母查找。" "Digits choose the first nine, arrows move, typing narrows the list.";
    HINT_SOURCE "这次巡查对照的是哪一类问题。" "Which kind of finding this walk answers.";
    HINT_ROUND
        "同一轮次里的不同判定算分歧，不同轮次算历史。一般就是当天日期。"
        "Verdicts that differ within a round are a dispute, in different rounds history. Usually the day.";
    BAD_NAME
        "请写 1 到 64 个字；工号只用字母、数字、点、横线、下划线"
        "1 to 64 characters, please; a code has letters, digits, dots, dashes only";
    BAD_ROUND "请写 1 到 64 个字" "1 to 64 characters, please";

    // The review.
    TAB_OVERVIEW "概览" "Overview";
    TAB_DISPUTES "分歧" "Disputes";
    TAB_CASES "问题" "Cases";
    TAB_PEOPLE "人员" "People";
    TAB_INPUTS "输入" "Inputs";
    REVIEW_OF "复核 {by}  逾期按 {date}" "review {by}  overdue as of {date}";
    NO_REASON "(未写理由)" "(no reason given)";
    STILL_DIFFER "{id} 仍是裁定不一: 须由先前裁定的人改判" "{id}: the rulings still differ; one of those who ruled before must rule again";
    GIVE_BY "请用 --by 编号=姓名 写明复核人" "give --by code=name: who reviews";
    BAD_DATE "日期写作 2020-08-22，不是 {date}" "write the date as 2020-08-22, not {date}";
    OPEN_DISPUTES "待裁定 {n}" "{n} to rule on";
    SHOWN_OPEN "待裁定" "to rule on";
    SHOWN_RULED "已裁定" "ruled";
    CASES_NOT_VERIFIED "未销号" "not verified";
    CASE_OPEN "未整改" "open";
    CASE_OVERDUE "逾期" "overdue";
    CASE_CLAIMED "已报整改" "claimed";
    CASE_BACK "反弹" "come back";
    CASE_VERIFIED "已销号" "verified";
    CASE_DISPUTED "有分歧" "disputed";
    LATEST "各点位最近一次" "latest of each place";
    ROUND_SHOWN "轮次 {round}" "round {round}";
    NO_SITE "(未写社区)" "(no community)";
    COL_SITE "社区" "Community";
    COL_RATE "合格率" "rate";
    COL_SEEN "覆盖" "seen";
    COL_PERSON "人员" "Person";
    COL_WALKS "次数" "walks";
    COL_TARGETS "目标" "targets";
    COL_PACE "秒/项" "s each";
    COL_PASSED "合格" "pass";
    COL_DOUBLE "双查" "double";
    COL_RAW "一致" "raw";
    TOTAL "合计" "Total";
    TOO_FEW "太少" "too few";
    NO_DISPUTES "没有待裁定的分歧" "Nothing to rule on";
    NO_CASES "没有符合的问题" "No such case";
    RULE_UNSEEN "未查不能作为裁定；r 退回复查" "Unseen is no ruling; r sends it to be looked at again";
    NO_SUCH_RECORD "没有第 {n} 条" "There is no record {n}";
    CASE_IS_VERIFIED "此问题已销号" "This case is verified already";
    TOLD_RULED "{id} 裁定为{verdict}   u 撤销" "{id} ruled {verdict}   u takes it back";
    TOLD_SENT_BACK "{id} 退回复查   u 撤销" "{id} sent to be looked at again   u takes it back";
    TOLD_FIXED "已登记整改，待他人复查销号   u 撤销" "Recorded as put right; a second look by somebody else verifies it   u takes it back";
    TOLD_UNDONE "已撤销: {what}" "Taken back: {what}";
    TOLD_REDONE "已重做: {what}" "Done again: {what}";
    REASON "理由" "Reason";
    REASON_HINT "回车 确定（可留空）   Esc 放弃" "Enter accepts (it may be empty)   Esc drops it";
    TITLE_RULE "{id} 裁定: {verdict}" "{id} ruling: {verdict}";
    TITLE_SEND_BACK "{id} 退回复查" "{id} back to be looked at again";
    TITLE_FIXED "登记整改" "Record as put right";
    TITLE_EVIDENCE "记录" "Records";
    TITLE_CASE "问题经过" "The case";
    SUPERSEDED "(同一人后来已改判)" "(changed later by the same inspector)";
    RULED_BY "{by} 裁定{verdict}: {reason}" "{by} ruled {verdict}: {reason}";
    RULED_BEFORE "{by} 裁定{verdict}: {reason} (之后又有新记录)" "{by} ruled {verdict}: {reason} (records came after it)";
    OUTCOME_AGREED "一致" "agreed";
    OUTCOME_RULED "已裁定" "ruled";
    OUTCOME_SENT_BACK "退回复查" "sent back";
    OUTCOME_DISPUTED "分歧" "disputed";
    OUTCOME_REOPENED "裁定后又有新记录" "reopened";
    OUTCOME_RULERS "裁定不一" "rulings differ";
    STEP_FAILED "不合格" "fail";
    STEP_PASSED "复查合格" "pass";
    STEP_OWN_PASS "报整改者自查合格，不销号" "pass by who claimed it; verifies nothing";
    STEP_IN_DOUBT "合格，与不合格先后不明，不销号" "passed, possibly before the fail; does not close the case";
    STEP_CLAIMED "报整改" "said to be put right";
    INPUT_READ "{sessions} 份，{events} 条" "{sessions} sessions, {events} events";

    RECHECK "复查" "recheck";
    RECHECK_HINT "只列待复查的；查完一处自动到下一处；w 选点位；? 看全部按键" "Only what is open is listed; done with a place, the next one follows; w places; ? keys";
    OWN_CLAIM "{id} 是你自己报的整改，你的合格不能销号，须他人复查" "{id}: you said yourself that it is put right; somebody else's pass verifies it";
    NOTHING_TO_RECHECK "{site} 没有待复查的问题" "Nothing to look at again at {site}";
    CLI_RECHECK "复查: 只列未销号的问题和退回复查的目标" "Look again: a walk of open cases and of what was sent back, nothing else";
    OPT_RECHECK_ROUND "轮次，默认当天日期加 -recheck" "Round; the day with -recheck where not given";

    // Names of keys, labels of the key bar, lines of the help screen.
    SPACE "空格" "Space";
    BACKSPACE "退格" "Backspace";
    ENTER "回车" "Enter";
    ARROW_UP "上" "Up";
    ARROW_DOWN "下" "Down";
    ARROW_LEFT "左" "Left";
    ARROW_RIGHT "右" "Right";
    SCOPE_WALK "巡查" "The walk";
    SCOPE_HOME "首页" "Home";
    SCOPE_NOTE "备注" "The note";
    SCOPE_LIST "列表和输入" "Lists and fields";
    KEY_PASS "合格" "pass";
    KEY_FAIL "不合格" "fail";
    KEY_NA "不适用" "n/a";
    KEY_UNSEEN "未查" "unseen";
    KEY_CLEAR "清除" "clear";
    KEY_NEXT "下一未判" "next";
    KEY_NOTE "备注" "note";
    KEY_REPEAT "沿用备注" "same note";
    KEY_PHRASES "常用语" "phrases";
    KEY_UNDO "撤销" "undo";
    KEY_REDO "重做" "redo";
    KEY_UP "上移" "up";
    KEY_DOWN "下移" "down";
    KEY_PREVIOUS "上一类" "category before";
    KEY_CATEGORY "下一类" "category";
    KEY_PAGE_UP "上翻" "page up";
    KEY_PAGE_DOWN "下翻" "page down";
    KEY_FIRST "首项" "first";
    KEY_LAST "末项" "last";
    KEY_NEXT_HIT "下一结果" "next hit";
    KEY_PREVIOUS_HIT "上一结果" "hit before";
    KEY_FILTER "筛选" "filter";
    KEY_PLACES "点位" "place";
    KEY_SEARCH "查找" "find";
    KEY_FAILURES "不合格表" "fails";
    KEY_CARD "全文" "full text";
    KEY_BIG "大卡片" "big card";
    KEY_HISTORY "历史" "history";
    KEY_TIME "用时" "time";
    KEY_SWITCH "换社区" "next site";
    KEY_LANGUAGE "English" "中文";
    KEY_PALETTE "命令" "commands";
    KEY_HELP "帮助" "help";
    KEY_SUMMARY "小结" "finish";
    KEY_REOPEN "重新打开" "reopen";
    KEY_REDRAW "重画" "redraw";
    SCOPE_REVIEW "复核" "The review";
    KEY_NEXT_TAB "下一页" "next page";
    KEY_PREVIOUS_TAB "上一页" "page before";
    KEY_RULE_RECORD "采纳该条" "as that record";
    KEY_SEND_BACK "退回复查" "look again";
    KEY_FIXED "报整改" "put right";
    KEY_ORDER "排序" "order";
    HELP_ORDER "换次序：期限、责任单位、社区" "Change the order: due, unit, community";
    ORDER_DUE "按期限" "by due day";
    ORDER_UNIT "按责任单位" "by unit";
    ORDER_SITE "按社区" "by community";
    KEY_ROUND "轮次" "round";
    KEY_PREVIOUS_ROUND "上一轮次" "round before";
    HELP_NEXT_TAB "下一页：概览、分歧、问题、人员、输入" "Next page: overview, disputes, cases, people, inputs";
    HELP_PREVIOUS_TAB "上一页" "Page before";
    HELP_RULE_RECORD "采纳第几条记录的判定，并写理由" "Rule as that record says, with a reason";
    HELP_RULE_PASS "判为合格，不论记录" "Rule pass, whatever the records say";
    HELP_RULE_FAIL "判为不合格，不论记录" "Rule fail, whatever the records say";
    HELP_RULE_NA "判为不适用，不论记录" "Rule not applicable, whatever the records say";
    HELP_SEND_BACK "退回复查" "Send it to be looked at again";
    HELP_FIXED "登记：已报整改，待他人复查" "Record that a fault is said to be put right";
    HELP_OPEN_DETAIL "打开：社区的各项、全部记录、问题经过" "Open: targets of a community, all records, the course of a case";
    HELP_BACK_TO_SITES "返回社区列表" "Back to the communities";
    HELP_FILTER_REVIEW "换筛选" "Change the filter";
    HELP_NEXT_ROUND "较早的轮次" "Earlier round";
    HELP_PREVIOUS_ROUND "较晚的轮次" "Later round";
    HELP_QUIT_REVIEW "退出，裁定已随时保存" "Quit; rulings are saved as they are made";
    KEY_OPEN "打开" "open";
    KEY_NEW_WALK "新巡查" "new walk";
    KEY_QUIT "退出" "quit";
    KEY_ACCEPT "确定" "accept";
    KEY_BACK "返回" "back";
    HELP_PASS "合格，到下一个未判目标" "Pass, and on to the next unanswered target";
    HELP_FAIL "不合格，写备注（可留空）" "Fail, and write a note (it may be empty)";
    HELP_NA "不适用，到下一个未判目标" "Not applicable, and on to the next unanswered target";
    HELP_UNSEEN "未查，写原因（可留空）" "Could not be seen, and why (it may be empty)";
    HELP_CLEAR "清除此处的判定" "Clear the verdict here";
    HELP_NEXT "到下一个未判目标" "To the next unanswered target";
    HELP_NOTE "写或改备注" "Write or change the note";
    HELP_REPEAT "不合格沿用上一条备注" "Give this fail the last note again";
    HELP_PHRASES "用常用语写备注" "Write a note from phrases";
    HELP_UNDO "撤销，次数不限" "Undo, without limit";
    HELP_REDO "重做" "Redo";
    HELP_UP "上移" "Up";
    HELP_DOWN "下移" "Down";
    HELP_PREVIOUS_CATEGORY "上一个类别" "Category before";
    HELP_NEXT_CATEGORY "下一个类别" "Next category";
    HELP_PAGE_UP "上翻一页" "Page up";
    HELP_PAGE_DOWN "下翻一页" "Page down";
    HELP_FIRST "第一项" "First";
    HELP_LAST "最后一项" "Last";
    HELP_NEXT_HIT "下一个查找结果" "Next hit of the search";
    HELP_PREVIOUS_HIT "上一个查找结果" "Hit before";
    HELP_FILTER "换筛选：全部、未判、不合格、无备注、与上次不同" "Change the filter: all, unanswered, failed, without a note, different";
    HELP_PLACES "点位：只列此处适用的目标" "Place: list only the targets that apply there";
    HELP_SEARCH "查找目标" "Find a target";
    HELP_FAILURES "不合格列表，回车跳转" "List of fails, Enter jumps";
    HELP_BIG "大卡片：整个窗口只显示光标处一项，再按回到列表" "Big card: the target at the cursor across the window; again for the list";
    HELP_CARD "全文，中英文，含依据和常见问题" "The target in full, both languages, with evidence and common faults";
    HELP_HISTORY "历史：本次改动和以前的结果" "History: changes of this walk and earlier results";
    HELP_TIME "用时和进度" "Time and pace";
    HELP_SWITCH "换社区：先结束或暂停，再开始下一个" "Another community: finish or pause, then start the next";
    HELP_LANGUAGE "语言：中文 / English" "Language: English / 中文";
    HELP_PALETTE "命令：按名称查找所有按键" "Commands: every key by its name";
    HELP_HELP "帮助" "Help";
    HELP_SUMMARY "小结：结束、暂停或返回，列出遗漏" "Summary: finish, pause or go back; lists what is missing";
    HELP_REOPEN "重新打开已结束的巡查" "Reopen a finished walk";
    HELP_REDRAW "重画屏幕" "Draw the screen again";
    HELP_OPEN "打开：继续、新建或查看" "Open: go on, start or look";
    HELP_NEW_WALK "新巡查" "New walk";
    HELP_QUIT "退出" "Quit";
    HELP_ACCEPT "确定" "Accept";
    HELP_BACK "返回，不丢已输入的内容" "Back, nothing typed is lost";

    // Faults of checklist and district files.
    LINE "第 {n} 行" "line {n}";
    FAULT_UTF16 "是 UTF-16 编码，请另存为 UTF-8" "is UTF-16; save it as UTF-8";
    FAULT_NOT_UTF8 "不是 UTF-8 编码（可能是 GBK），请另存为 UTF-8" "is not UTF-8 (perhaps GBK); save it as UTF-8";
    LINE_COLUMN "第 {n} 行第 {column} 列" "line {n}, column {column}";
    SYNTAX_LOOKALIKE "“{found}”应为半角的“{wanted}”" "\"{found}\" should be the half-width \"{wanted}\"";
    SYNTAX_NO_COLON "名称后面少了冒号" "a colon is missing behind the name";
    SYNTAX_NO_COMMA "这里少了逗号" "a comma is missing here";
    SYNTAX_COMMA_AT_END "最后一项后面多了逗号" "a comma behind the last item";
    SYNTAX_COMMENT "不能写注释" "comments are not allowed";
    SYNTAX_SINGLE_QUOTES "单引号应为双引号" "single quotes should be double quotes";
    SYNTAX_BAD_TEXT "文字的引号没有配对，或其中有不认识的转义" "a text without its second quote, or with an unknown escape in it";
    SYNTAX_BAD_NUMBER "数字写法不对" "not a number as JSON writes it";
    SYNTAX_UNFINISHED "没有写完，括号没有配对" "it ends early: a bracket is not closed";
    SYNTAX_TOO_DEEP "括号套得太深" "brackets within brackets, too deep";
    SYNTAX_NOTHING "里面什么也没有" "there is nothing in it";
    SYNTAX_UNEXPECTED "这里不该有“{found}”" "\"{found}\" does not belong here";
    FAULT_SYNTAX "不是正确的 JSON: {why}" "is not JSON: {why}";
    FAULT_MISSING "缺少 {name}，请补上" "{name} is missing; add it";
    FAULT_UNKNOWN "不认识的字段 {name}，请删去或改名" "unknown field {name}; remove it or correct its name";
    FAULT_TYPE "类型不对，应为 {wanted}" "wrong type, must be {wanted}";
    FAULT_EMPTY "不能为空，请填写" "must not be empty; fill it in";
    FAULT_NOT_ONE_OF "只能是其中之一: {names}" "must be one of: {names}";
    FAULT_TWICE "{id} 重复，请改成不同的" "{id} comes twice; make each different";
    FAULT_NO_SUCH "{id} 没有定义，请定义或改正" "{id} is not defined; define it or correct it";
    FAULT_BAD_ID "{id} 不能作编号，只用字母、数字、点、横线、下划线，不超过 64 个" "{id} cannot be an id: letters, digits, dots, dashes, at most 64";
    FAULT_MISSPELT "与首字母 {initials} 不符，应为小写无声调的拼音，每字一节，中间一个空格，如 la ji tong" "does not fit the initials {initials}: a syllable for each, lower case, no tones, one blank between, as la ji tong";
    FAULT_NEWER "文件版本 {found}，本程序只认到 {known}，请升级程序" "version {found}; this program knows up to {known}; get a newer one";
    FAULT_OTHER_FORMAT "format 是 {found}，应为 {wanted}" "format is {found}, must be {wanted}";

    // The command line.
    CLI_ABOUT "巡街：带着检查表走街，离线，一个程序" "Walk a street with a checklist, offline, one program";
    CLI_WALK "开始或继续一次巡查" "Start a walk, or go on with it";
    CLI_MERGE "汇总任意多份日志，不丢不重，不擅自取舍" "Merge any number of logs: nothing lost, doubled or silently decided";
    OPT_PATHS "日志、汇总日志或目录；- 为标准输入" "Logs, merged logs, folders; - is standard input";
    OPT_OUT "汇总日志写入此文件；省略则写到标准输出" "Write the merged log to this file; without it, to standard output";
    OPT_JSON "以 JSON 输出统计" "Tell the figures as JSON";
    MERGE_FILES "读入文件 {n}，其中相同副本 {copies}；未被接受 {refused}；有损坏 {damaged}；略过其他文件 {aside}"
        "files read {n}, of them identical copies {copies}; refused {refused}; damaged {damaged}; other files left aside {aside}";
    MERGE_SESSIONS "巡查和复核 {n}: 新增 {new}，补全 {extended}，分叉 {forked}；记录 {events} 条"
        "sessions {n}: new {new}, extended {extended}, forked {forked}; events {events}";
    MERGE_DISPUTES "分歧 {n} 处，待裁定 {open}" "disputes {n}, to be ruled on {open}";
    MERGE_UNKNOWN_TARGETS "检查表里没有的目标 {n}: {ids}" "targets the checklist does not have {n}: {ids}";
    MERGE_UNKNOWN_SITES "辖区里没有的社区 {n}: {ids}" "communities the district does not have {n}: {ids}";
    MERGE_OTHER_CHECKLISTS "用了别的检查表: {ids}" "made with other checklists: {ids}";
    MERGE_OTHER_DISTRICTS "其他辖区的日志（各自计）: {ids}" "logs of other districts (counted apart): {ids}";
    OTHER_DISTRICTS "其他辖区的日志，未计入: {ids}" "logs of other districts, left out: {ids}";
    MERGE_OTHER_EDITIONS "用了本检查表的其他版本（按编号计入）: {ids}" "made with other editions of this checklist (they count by their ids): {ids}";
    MERGE_CLOCKS "时钟异常 {n}:" "strange clocks {n}:";
    MERGE_ODD "其他需要留意的 {n}:" "other things to know {n}:";
    MERGE_DANGLING "报整改、裁定所指不明 {n}:" "fix reports and rulings that refer to nothing here {n}:";
    LOOSE_CLAIM "{date} {by} 报整改 {event}: 所指记录 {names} 不在输入里"
        "{date} {by} fix report {event}: {names} is not among the inputs";
    LOOSE_NO_FAULT "{date} {by} 报整改 {event}: 所指记录 {names} 不是不合格，或已撤销"
        "{date} {by} fix report {event}: {names} is not a fail, or was undone";
    LOOSE_RULING "{date} {by} 裁定 {event}: 所指记录 {names} 不在输入里"
        "{date} {by} ruling {event}: {names} is not among the inputs";
    MERGE_SESSION "{date} {site} {by} {id}" "{date} {site} {by} {id}";
    MERGE_WRITTEN "已写入 {path}" "written: {path}";
    MERGE_UNCHANGED "{path} 已包含全部内容，未改动" "{path} holds all of it already; not touched";
    MERGE_NOTHING "没有找到任何日志，未写任何文件" "no log was found; nothing was written";
    MERGE_ALL_REFUSED "没有一个文件能读，未写任何文件" "not one file could be read; nothing was written";
    MERGE_TO_TERMINAL "汇总日志不直接显示在屏幕上，请用 -o 指定文件" "a merged log is not printed on a screen; give -o FILE";
    MERGE_KEPT "其中 {n} 条只在原来的文件里，也并入了" "of these, {n} were only in the file that was there, and stay in it";
    MERGE_BUSY "另一个汇总正在写 {path}；稍后再试" "another merge is writing {path}; try again when it is done";
    MERGE_OUT_DAMAGED "{path} 已存在，但有损坏，不会覆盖；请换个文件名，并把它也列为输入"
        "{path} exists and is damaged; it is not written over; choose another name and give it as an input";
    MERGE_NOT_ARCHIVE "{path} 已存在，但不是汇总日志，不会覆盖；请换个文件名"
        "{path} exists and is no merged log; it is not written over; choose another name";
    MERGE_PROGRESS "读入 {done}/{total}" "reading {done}/{total}";
    ODD_FORKED "从第 {seq} 条起分叉: 同一日志在两台电脑上续写，或被改动；两边都保留" "forked at event {seq}: continued on two machines, or edited; both stand";
    ODD_TWO_HEADS "同一编号的日志有两种开头；两份都保留" "one id with two heads; both stand";
    ODD_GAP "第 {seq} 条之前有缺失" "events before {seq} are missing";
    ODD_EMPTY "没有任何记录" "has no events";
    ODD_CLOCK_EARLY "电脑日期是 {at}" "its clock said {at}";
    ODD_CLOCK_BACK "第 {seq} 条起时钟倒退" "the clock went back at event {seq}";
    ODD_CLOCK_FUTURE "电脑日期在将来: {at}" "its clock was in the future: {at}";
    ODD_CLOCK_NUMBER "时钟与本机巡查的先后矛盾，单凭它不销号"
        "its clock contradicts this computer's session numbers; it alone closes no case";
    ODD_CLOCK_ROUND "电脑日期 {at} 与轮次相差太远，单凭它不销号"
        "its clock said {at}, far from the days of its round; it alone closes no case";
    ODD_CLOCK_NAMED "电脑日期 {at} 与报整改、裁定的先后矛盾，单凭它不销号"
        "its clock said {at}, which contradicts a fix report or a ruling; it alone closes no case";
    ODD_NO_SITE "没有写明社区，不能裁定" "names no community and cannot be ruled on";
    CLI_REVIEW "复核: 概览、裁定分歧、跟踪问题" "Review: overview, rule on disputes, follow cases";
    OPT_REVIEW_BY "复核人：编号，或 编号=姓名" "Who rules: code, or code=name";
    OPT_AS_OF "按这一天判断是否逾期，默认今天" "The day for which overdue is told, today if not given";
    CLI_DEMO "生成一批示例日志，供试用" "Write sample logs, to try things with";
    OPT_DEMO_SITES "几个社区，默认 6" "How many communities, 6 if not given";
    OPT_DEMO_DAYS "几天，默认 5" "How many days, 5 if not given";
    OPT_DEMO_SEED "随机种子，默认 1；相同种子生成相同日志" "Seed, 1 if not given; the same seed gives the same logs";
    OPT_DEMO_OUT "写到此目录，默认 xunjie-demo" "Write into this folder, xunjie-demo if not given";
    DEMO_THERE "{path} 已存在，且内容不同；请换个目录，或先移走它" "{path} exists and holds something else; choose another folder, or move it away first";
    DEMO_WRITTEN "{n} 个示例文件在 {path}" "{n} sample files in {path}";
    OPT_CHECK_JSON "以 JSON 输出每个文件的情况" "Tell of each file as JSON";
    CLI_CHECK "检查日志、检查表或辖区文件，逐条说明问题" "Check logs, checklists and districts, and name every fault";
    CLI_WHERE "显示所用的目录和文件" "Print every folder and file in use";
    CLI_SCHEMA "输出 JSON Schema" "Print a JSON Schema";
    CLI_COMPLETIONS "输出命令行补全脚本" "Print a completion script for a shell";
    CLI_HELP "显示帮助" "Print help";
    CLI_VERSION "显示版本" "Print version";
    OPT_SITE "社区编号，如 nongye-lu" "Id of the community, as nongye-lu";
    OPT_BY "巡查员：编号，或 编号=姓名" "Inspector: code, or code=name";
    OPT_ROUND "轮次，默认当天日期" "Round; the day where not given";
    OPT_SOURCE "问题来源" "Why the walk is made";
    OPT_CHECKLIST "用此检查表文件" "Use this checklist file";
    OPT_DISTRICT "用此辖区文件" "Use this district file";
    OPT_LOGS "日志目录（也可用环境变量 XUNJIE_LOGS）" "Folder of the logs (also XUNJIE_LOGS in the environment)";
    OPT_MIRROR "在此目录另存一份日志（如 U 盘），后台进行" "Keep a second copy of the log in this folder, as on a stick, in the background";
    OPT_LANG "语言" "Language";
    OPT_NO_COLOR "屏幕不用颜色（也可设环境变量 NO_COLOR）" "No colours on the screen (also NO_COLOR in the environment)";
    OPT_ASCII "边框只用 + - |（旧终端和非 UTF-8 环境下自动如此）" "Frames of + - | (by itself on old consoles and where the locale is not UTF-8)";
    OPT_NO_MOUSE "不用鼠标，点击留给终端" "Leave the mouse to the terminal";
    OPT_FILES "文件" "Files";
    OPT_WHAT "哪一种文件" "Which kind of file";
    OPT_SHELL "哪种 shell" "Which shell";
    HEAD_USAGE "用法:" "Usage:";
    HEAD_COMMANDS "命令" "Commands";
    HEAD_OPTIONS "选项" "Options";
    HEAD_ARGUMENTS "参数" "Arguments";
    EXIT_CODES
        "退出码: 0 完成；1 失败；2 用法错误；3 完成，但有文件未被接受"
        "Exit codes: 0 done; 1 failed; 2 usage; 3 done, but some input was refused";
    NO_SUCH_SITE "没有社区 {id}。可用: {ids}" "No community {id}. There are: {ids}";
    BAD_BY "巡查员写作 编号 或 编号=姓名，编号只用字母、数字、点、横线、下划线" "Write the inspector as code or code=name; a code has letters, digits, dots, dashes";
    NO_TERMINAL "需要在终端里运行（输入或输出不是终端）；逐行问答用 xunjie walk --plain" "Must run in a terminal (input or output is not one); xunjie walk --plain needs none";
    NO_HOME "找不到用户目录，请用 --logs 指明日志目录，并设置 HOME" "No home folder found; give --logs and set HOME";
    LOCKED "这次巡查已在别处打开: {who}。先在那边关闭" "This walk is open elsewhere: {who}. Close it there first";
    WHO_UNKNOWN "另一个窗口" "another window";
    WHO_SINCE "{by}，自 {since}（进程 {pid}）" "{by}, since {since} (process {pid})";
    TORN
        "上次最后一笔没写完，已清理；之前的 {n} 条都在，原文件留作 {copy}"
        "The last write was cut off and is tidied up; the {n} events before it are all there, the file as it was is {copy}";
    REPAIRED
        "日志有损坏，完好的 {n} 条都在；原文件留作 {copy}"
        "The log was damaged; its {n} whole events are kept, the file as it was is {copy}";
    TORN_UNKEPT
        "上次最后一笔没写完；之前的 {n} 条都在，磁盘可写后自动清理"
        "The last write was cut off; the {n} events before it are all there. It is tidied up once the disk can be written";
    REPAIRED_UNKEPT
        "日志有损坏，完好的 {n} 条都在；磁盘可写后自动修复，原文件会另存"
        "The log was damaged; its {n} whole events are there. It is repaired once the disk can be written, and the file as it was is kept";
    UNREADABLE_KEPT
        "日志读不了（{why}），已从副本接着巡查；原文件留作 {copy}"
        "The log cannot be read ({why}); the walk goes on from a copy. The file as it was is {copy}";
    OWN_UNREADABLE
        "本人在此社区的 {path} 读不了（{why}），这次巡查不含它；文件没有动"
        "your log {path} cannot be read ({why}); this walk is without it, and the file is left as it is";
    RECOVERED "从 {path} 找回 {n} 条" "{n} records recovered from {path}";
    COPY_APART
        "{path} 里另有 {n} 条是分开续写的，本日志没有；汇总时请一并读入"
        "{path} holds {n} records that this log does not: it was continued separately. Merge that file too";
    MIRROR_IS_LOGS
        "副本目录 {path} 就是日志目录，不能当副本；请另选一个目录，如 U 盘"
        "{path} is the log folder itself and cannot hold the second copy; choose another folder, e.g. on a USB stick";
    FILE_REFUSED "{path} 未被接受" "{path} was not taken";
    RESCUED "有 {n} 条没能存进 {path}，全部内容已另存为 {rescue}" "{n} could not be saved in {path}; the whole log is in {rescue}";
    RESCUED_STDERR "有 {n} 条没能存进 {path}，全部内容如下:" "{n} could not be saved in {path}; the whole log follows:";
    WHERE_LOGS "日志" "logs";
    WHERE_SETTINGS "设置" "settings";
    WHERE_DEVICE "本机编号" "device";
    WHERE_CHECKLIST "检查表" "checklist";
    WHERE_DISTRICT "辖区" "district";
    BUILT_IN "(内置)" "(built in)";
    NOT_YET "(尚无)" "(none yet)";
    CHECK_GOOD_CHECKLIST "检查表完好: {c} 类 {t} 项" "good checklist: {c} categories, {t} targets";
    CHECK_GOOD_DISTRICT "辖区完好: {n} 个社区" "good district: {n} communities";
    CHECK_COMPLETE "日志完整: {n} 条，{state}" "complete log: {n} events, {state}";
    CHECK_COMPLETE_LOGS "完整: {sessions} 份日志，{n} 条" "complete: {sessions} sessions, {n} events";
    CHECK_COPY "与 {file} 内容相同" "an identical copy of {file}";
    CHECK_DAMAGED "日志可读，但有问题: {sessions} 份，{n} 条可用" "can be read, but something is wrong: {sessions} sessions, {n} events usable";
    CHECK_NOTHING "没有找到任何文件" "no file was found";
    OF_SESSION "{id} 这份" "session {id}";
    LEFT_ASIDE "略过，不是日志 {n}: {names}" "left aside, no logs {n}: {names}";
    AND_MORE "还有 {n} 项，--json 列出全部" "and {n} more; --json has all";
    AND_MORE_CHECK "还有 {n} 项，xunjie check --json 列出全部" "and {n} more; xunjie check --json has all";
    AND_MORE_OF_FILE "这个文件还有 {n} 处" "{n} more in this file";
    STATE_OPEN "未结束" "not finished";
    STATE_PAUSED "已暂停" "paused";
    STATE_FINISHED "已结束" "finished";
    CUT_SHORT "在此被截断，其后的内容缺失" "cut short here, what followed is missing";
    BAD_EVENT "不是有效的记录: {why}" "is no event: {why}";
    BROKEN_CHAIN "第 {seq} 条与校验链不符: 此条或之前有改动" "event {seq} does not fit the chain: it or something before it was changed";
    OUT_OF_ORDER "第 {seq} 条与前一条接不上: 中间有缺失，或次序不对" "event {seq} does not follow the one before it: something is missing or out of order";
    JUNK "不属于任何日志的内容，已略过" "belongs to no log, left out";
    NO_HEAD "记录前面缺少日志开头，无法确定属于哪份日志，已略过" "events that cannot be proven to belong to a log, because its head or a link is missing; left out";
    FOREIGN_EVENT "第 {seq} 条记录的标记不属于这次巡查，已略过" "event {seq} does not bear the mark of this session; left out";
    OTHER_LOG "这里开始是另一份日志；多份日志请用 xunjie merge" "another log begins here; xunjie merge reads several";
    NOT_JSON "各条可读，但整个文件不是正确的 JSON" "every event can be read, but the file as a whole is not JSON";
    MORE_DAMAGE "另有 {n} 处" "{n} more";
    LOG_FULL "这份日志已满，请结束后开始新的巡查" "This log is full; finish it and start a new walk";
    OTHER_CHECKLIST
        "这份日志用的是另一份检查表 {id}，只能看；用 --checklist 指明它才能继续"
        "This log was made with another checklist, {id}; it is only shown. Give --checklist to go on with it";
    OTHER_EDITION "检查表的用语有改动（现为 {edition} 版），编号未变" "The wordings of the checklist have changed (now edition {edition}); the ids are the same";
    NOT_A_WALK "这不是巡查日志，只能看" "This is not the log of a walk; it is only shown";
    FAULT_TOO_LONG "太长，不超过 {n} 个字" "too long, at most {n} characters";
    FAULT_TOO_SMALL "太小，不小于 {n}" "too small, must be at least {n}";
    FAULT_TOO_MANY "太多，不超过 {n} 个" "too many, at most {n}";
    FAULT_MORE "另有 {n} 处问题" "{n} more faults";
    SETTINGS_UNREAD "设置读不了，先用默认: {why}" "Settings cannot be read, defaults are used: {why}";
    REFUSED_EMPTY "空文件" "is empty";
    REFUSED_NOT_LOG "不是本程序的日志、检查表或辖区文件" "is no log, checklist or district of this program";
    REFUSED_HEAD "日志开头有误: {why}" "the head of the log is wrong: {why}";
    REFUSED_TOO_DEEP "目录超过 {n} 层，没有进去" "more than {n} folders deep, not gone into";
    PACKED_OTHER "是压缩文件，只认 zip；请先解压" "is packed in a way other than zip; unpack it first";
    PACKED_BROKEN "zip 文件已损坏，或不是普通的 zip；请重新发送，或解压后再用" "is a damaged or unusual zip file; have it sent again, or unpack it";
    PACKED_LOCKED "zip 文件有密码；请先解压" "is a zip file with a password; unpack it first";
    PACKED_METHOD "zip 的压缩方式不认识；请先解压" "is a zip file packed by a method that is not read; unpack it first";
    PACKED_TOO_LARGE "zip 解压后超过 {n} MiB；请先解压" "is a zip file that comes to more than {n} MiB; unpack it first";
    PACKED_TOO_MANY "zip 里文件太多；请先解压" "is a zip file with too many files in it; unpack it first";
    PACKED_NO_LOGS "zip 里没有日志" "is a zip file without any log";
    REFUSED_LINK "是链接；请直接给出它指向的文件" "is a link, and links are not followed; give the file itself";
    REFUSED_NOT_FILE "不是普通文件" "is no regular file";
    REFUSED_TOO_LARGE "超过 {n} MiB" "is larger than {n} MiB";
    REFUSED_TOO_MANY "记录超过 {n} 条" "has more than {n} events";
    SITES "社区" "Communities";
    KEY_TABLE_KEY "按键" "Key";
    KEY_TABLE_DOES "作用" "Does";
    ERROR "错误: {why}" "error: {why}";

    // Reports.
    REPORT_WHOLE_SITE "整个社区" "whole community";
    REPORT_NO_SITE "未记社区" "no community given";
    REPORT_NO_SOURCE "未记来源" "no source given";

    // Sheets and tables of a report.
    SHEET_BRIEF "讲评会简报" "Brief";
    SHEET_SITES "社区汇总" "Communities";
    SHEET_MATRIX "社区与类别" "Communities by categories";
    SHEET_CATEGORIES "类别" "Categories";
    SHEET_PLACE_TYPES "场所类型" "Place types";
    SHEET_SOURCES "问题来源" "Sources";
    SHEET_CLAUSES "标准条款" "Clauses";
    SHEET_PROGRAMMES "专项" "Programmes";
    SHEET_TARGETS "目标" "Targets";
    SHEET_RANKING "红黑榜" "Ranking";
    SHEET_COMPARISON "轮次对比" "Round to round";
    SHEET_CLOSURE "结案率" "Closure";
    SHEET_AGREEMENT "判定一致性" "Agreement";
    SHEET_DISPUTED "分歧目标" "Disputed targets";
    SHEET_OVER_TIME "问题变化" "Cases over time";
    SHEET_LEDGER "问题台账" "Ledger";

    // What must be known to read a table.
    NOTE_SITES "合格率=合格/(合格+不合格)，不适用和未查不计；有分歧的不算合格，合格率成为一个范围。区间为95%威尔逊区间。判定少于30项的不评。"
        "Rate = pass / (pass + fail); n/a and unseen never count. What is disputed counts as no pass and makes the rate a range. Intervals are Wilson's at 95 %. Below 30 judgements: too few.";
    NOTE_MATRIX "分歧不算合格。判定数少时，差别可能出于偶然。" "What is disputed is no pass. Where n is small, chance may explain the difference.";
    NOTE_PLACE_TYPES "每个点位的每个目标各计一次。" "Each target counts once at each place.";
    NOTE_SOURCES "每轮每次有效判定各计一次，人与人的分歧不在此表。" "Each look that stands counts once in every round; where people differ, each counts as he judged.";
    NOTE_TARGETS "每个社区计一次；一处不合格，该社区即不合格。" "Each community counts once; it fails if one of its places does.";
    NOTE_RANKING "按区间下限排序，相同者并列。红榜：整个区间高于全街道合格率；黑榜：整个区间低于它；其余差别可能出于偶然。同样目标的全街道合格率：此处判过的每个目标都按全街道的合格率计。"
        "Ordered by the lower end of the interval; ties share a rank. Red: the whole interval lies above the rate of all; black: below it; between: chance may explain the difference. All, same targets: if each target judged here passed as often as over all communities.";
    NOTE_COMPARISON_LATEST "每个点位的每个目标：最近一轮与前一次看到它的那一轮相比。" "Each target at a place: its latest round against the round before in which it was seen.";
    NOTE_COMPARISON "{round} 与 {against} 相比，按点位和目标。" "{round} against {against}, by target and place.";
    NOTE_COMPARISON_UNITS "按点位计，不能与按社区计的合格率直接相比。其余：没有不合格的。" "Counted at places; not to be compared with rates counted at communities. Other: no fail in either.";
    NOTE_COMPARISON_NEVER "两边都没有看到的：{n}项（共{of}项，目标乘社区）。" "Seen in neither: {n} of {of} targets at communities.";
    NOTE_COMPARISON_REPEAT "销号后又反弹的问题：{n}件，共{times}次。" "Cases that failed again after they had been verified: {n}, {times} times in all.";
    NOTE_COMPARISON_LATEST_ROUND "最近一次" "latest";
    NOTE_CLOSURE "应结案：期限已过的问题。结案率、按期结案率、返工率、延期率的分母都是应结案数。天数：发现到销号，未销号的不在其中。" "Due: cases whose day is over. Closure, on-time, rework and extension are over these. Days: from found to verified; open cases are not in them.";
    NOTE_AGREEMENT "同一轮、同一点位、同一目标，两人都判了合格或不合格。两次相隔超过2小时，现场可能已变。少于30次只看表格，不看系数。" "The same target at the same place in the same round, judged pass or fail by two. More than 2 hours apart the street may have changed. Below 30, read only the table.";
    NOTE_LEDGER "发现日期是第一次发现；销号后又发现的，另有反弹日期，期限和天数从那天起算。销号须由报整改以外的人复查合格。天数到销号为止，未销号的到报告日。时钟不对的日期留空。"
        "Found is the first time; what was found again after it had been verified has a second date, from which due and days count. Verified means passed at a second look by somebody else than who claimed it. Days end when it is verified, or with the day of the report. Dates of a clock that stood still are left empty.";
    NOTE_OVER_TIME "有变化的各日日终。" "At the end of each day on which something changed.";

    // Columns.
    TH_SERIAL "序号" "No.";
    TH_CATEGORY "类别" "Category";
    TH_TARGET_ID "目标编号" "Target no.";
    TH_TARGET "目标" "Target";
    TH_SITE "社区" "Community";
    TH_PLACE_TYPE "场所类型" "Place type";
    TH_PLACE "点位" "Place";
    TH_WHAT "问题" "What";
    TH_SOURCE "来源" "Source";
    TH_FOUND "发现日期" "Found";
    TH_FOUND_BY "发现人" "Found by";
    TH_UNIT "责任单位" "Responsible unit";
    TH_DUE_DAY "整改期限" "Due";
    TH_STATE "状态" "State";
    TH_OVERDUE "逾期" "Overdue";
    TH_DISPUTED "有分歧" "Disputed";
    TH_FIXED "报整改日期" "Claimed fixed";
    TH_FIXED_BY "报整改人" "Claimed by";
    TH_VERIFIED "销号日期" "Verified";
    TH_VERIFIED_BY "销号人" "Verified by";
    TH_DAYS "天数" "Days";
    TH_RETURNS "反弹次数" "Times come back";
    TH_REWORKS "返工次数" "Reworks";
    TH_EXTENDED "延期" "Extended";
    TH_PHOTOS "照片" "Photos";
    TH_ROUNDS "轮次" "Rounds";
    TH_CASE "问题编号" "Case";
    TH_ID "编号" "Id";
    TH_NAME "名称" "Name";
    TH_PASS "合格" "Pass";
    TH_FAIL "不合格" "Fail";
    TH_NA "不适用" "n/a";
    TH_UNSEEN "未查" "Unseen";
    TH_DISPUTES "分歧" "Disputed";
    TH_NOT_INSPECTED "未检查" "Not inspected";
    TH_PASS_RATE "合格率" "Rate";
    TH_INTERVAL "95%区间" "95% interval";
    TH_LOW "{name}下限" "{name}, low";
    TH_HIGH "{name}上限" "{name}, high";
    TH_N "判定数" "n";
    TH_COVERAGE "覆盖（全部目标）" "Coverage of all targets";
    TH_COVERAGE_WALKABLE "覆盖（可巡查目标）" "Coverage of walkable targets";
    TH_COVERAGE_PAIRS "覆盖（到过的点位上适用的目标）" "Coverage at places visited";
    TH_EXPECTED "同样目标的全街道合格率" "All, same targets";
    TH_RANK "名次" "Rank";
    TH_LIST "榜" "List";
    TH_FIXED_N "已整改" "Fixed";
    TH_STILL "仍不合格" "Still failing";
    TH_NEWLY "新增不合格" "Newly failing";
    TH_FIRST_SEEN "首次查到不合格" "Failing, first seen";
    TH_NOT_AGAIN "未再查" "Not seen again";
    TH_OTHER "其余" "Other";
    TH_RATE_BEFORE "前次合格率" "Rate before";
    TH_RATE_NOW "本次合格率" "Rate now";
    TH_N_BOTH "两次都看到" "Seen both times";
    TH_GROUP "分组" "Group";
    TH_FOUND_N "发现" "Found";
    TH_OPEN_N "未整改（含反弹）" "Open, come back included";
    TH_NOT_VERIFIED "未销号" "Not verified";
    TH_FOUND_AGAIN "反弹日期" "Found again";
    TH_CLAIMED_N "已报整改" "Claimed";
    TH_VERIFIED_N "已销号" "Verified";
    TH_CAME_BACK "反弹" "Came back";
    TH_WITHOUT_UNIT "无责任单位" "Without a unit";
    TH_DUE_N "应结案" "Due";
    TH_CLOSURE "结案率" "Closure";
    TH_ON_TIME "按期结案率" "On time";
    TH_REWORK "返工率" "Rework";
    TH_EXTENSION "延期率" "Extension";
    TH_MEDIAN "天数中位数" "Median days";
    TH_P90 "天数90%分位" "90th percentile days";
    TH_OWN_SHARE "自查发现占比" "Own finds";
    TH_FIRST "甲" "First";
    TH_SECOND "乙" "Second";
    TH_BOTH_PASS "都合格" "Both pass";
    TH_ONLY_FIRST "仅甲合格" "Only first passes";
    TH_ONLY_SECOND "仅乙合格" "Only second passes";
    TH_BOTH_FAIL "都不合格" "Both fail";
    TH_RAW "一致率" "Raw agreement";
    TH_KAPPA "kappa" "kappa";
    TH_AC1 "AC1" "AC1";
    TH_DISPUTES_N "分歧数" "Disputes";
    TH_DISPUTES_OPEN "未裁定" "Not ruled";
    TH_JUDGED_TWICE "重复判定数" "Judged twice";
    TH_DAY "日期" "Day";
    YES "是" "yes";
    ALL_SITES "全街道" "All communities";
    BY_ALL "全部" "all";
    BY_SITE "社区" "community";
    BY_SOURCE "来源" "source";
    AGREE_ALL "全部" "All";
    AGREE_WINDOW "2小时内" "Within 2 hours";
    LIST_RED "红榜" "red";
    LIST_BLACK "黑榜" "black";
    LIST_BETWEEN "居中" "between";
    LIST_TOO_FEW "数量太少" "too few";
    SOURCE_UNIT_NONE "未定" "none";

    // The brief.
    REPORT_TITLE "{district}巡查报告" "{district}: inspection report";
    REPORT_AS_OF "报告日 {date}" "As of {date}";
    REPORT_SCOPE "{checklist}（{edition}）；{from} 至 {to}，{walks}次巡查，{people}名巡查员。" "{checklist} ({edition}); {from} to {to}, {walks} walks, {people} inspectors.";
    REPORT_SCOPE_EMPTY "{checklist}（{edition}）；没有巡查。" "{checklist} ({edition}); no walks.";
    REPORT_ROUND "只含轮次 {round}。" "Round {round} only.";
    BRIEF_FIGURES "五个数" "Five figures";
    BRIEF_RATE "合格率 {rate}，95%区间 {interval}，判定 {n} 项" "Pass rate {rate}, 95 % interval {interval}, n = {n}";
    BRIEF_NO_RATE "合格率：还没有合格或不合格的判定" "Pass rate: nothing judged pass or fail yet";
    BRIEF_COVERAGE "巡查了 {walked}/{sites} 个社区；覆盖 {seen}/{of}（{share}），可巡查目标 {wseen}/{wof}（{wshare}）" "{walked} of {sites} communities; coverage {seen} of {of} ({share}), of targets a walk can reach {wseen} of {wof} ({wshare})";
    BRIEF_CASES "问题 {found} 件：未整改 {open}（其中反弹 {back}），已报整改 {claimed}，已销号 {verified}；逾期 {overdue}" "Cases {found}: open {open} ({back} of them come back), claimed fixed {claimed}, verified {verified}; overdue {overdue}";
    BRIEF_CLOSURE "应结案 {due} 件，结案率 {closure}，按期结案率 {on_time}" "Due {due}: closure {closure}, on time {on_time}";
    BRIEF_OWN "自查发现 {own}/{found}（{share}）；销号后反弹 {back} 件" "Own finds {own} of {found} ({share}); came back after verification {back}";
    BRIEF_WORST "最差的类别（按95%区间上限，判定不少于30项）" "Worst categories (by the upper end of the interval, n at least 30)";
    BRIEF_LINE "{name}：{rate}，95%区间 {interval}，n={n}，不合格 {fail}" "{name}: {rate}, 95 % interval {interval}, n = {n}, {fail} failing";
    BRIEF_OLDEST "时间最长的未销号问题" "Oldest open cases";
    BRIEF_CASE "{serial}号 {site} {place} {target} {what}：{days}天，{state}，责任单位 {unit}" "No. {serial} {site} {place} {target} {what}: {days} days, {state}, unit {unit}";
    BRIEF_CHANGES "与前次相比" "Against the look before";
    BRIEF_BETTER "好转的（差别超出偶然的类别）" "What got better (categories beyond chance)";
    BRIEF_WORSE "变差的（差别超出偶然的类别）" "What got worse (categories beyond chance)";
    BRIEF_CHANGE "{name}：{before} 变为 {now}（两次都看到 {n} 项；整改好 {fixed}，新增不合格 {newly}）" "{name}: {before} to {now} ({n} seen both times; {fixed} fixed, {newly} newly failing)";
    BRIEF_FIXED "整改好 {fixed} 项，仍不合格 {still} 项，新增不合格 {newly} 项" "Fixed {fixed}, still failing {still}, newly failing {newly}";
    BRIEF_NONE "没有" "none";
    BRIEF_CAUTION "用这些数之前" "Before these figures are used";
    CAUTION_DISPUTES "{n}处判定有分歧、还没有裁定（每轮每个点位各计），其中影响上面合格率的 {rate} 项。" "{n} judgements are disputed and not ruled on (each round and place counts); {rate} of them are in the rate above.";
    CAUTION_ODD "{n}次巡查的日志有异常（时钟、缺记录、分叉），汇总时有逐条说明。" "The logs of {n} walks are odd (clock, missing records, forks); merging says how.";
    CAUTION_UNFINISHED "{n}次巡查没有结束（暂停、未完成，或日志被截断）。" "{n} walks were not finished: paused, given up, or cut short.";
    CAUTION_LATER "{n}份日志有晚于报告日的记录，没有计入。" "{n} logs have records after the day of the report; these are left out.";
    CAUTION_UNIT "{n}件未销号的问题没有责任单位。" "{n} open cases have no responsible unit.";
    CAUTION_TARGETS "检查表里没有的目标，不计入合格率：{ids}" "Targets the checklist does not have, in no rate: {ids}";
    CAUTION_SITES "辖区里没有的社区：{ids}" "Communities the district does not have: {ids}";
    CAUTION_LISTS "其他检查表的日志没有计入：{ids}" "Logs of other checklists are not in it: {ids}";
    CAUTION_DISTRICTS "其他辖区的日志没有计入：{ids}" "Logs of other districts are left out: {ids}";
    CAUTION_EDITIONS "另有版本的检查表，目标按编号计入：{ids}" "Other editions of the checklist, counted by target id: {ids}";

    // The ranking as text.
    PASTE_TITLE "{district}红黑榜（{date}）" "{district}, red and black list ({date})";
    PASTE_OVERALL "全街道合格率 {rate}，判定 {n} 项" "Rate of all {rate}, n = {n}";
    PASTE_RED "红榜" "Red list";
    PASTE_BLACK "黑榜" "Black list";
    PASTE_LINE "第{rank}名 {name} {rate}（95%区间 {interval}，n={n}）" "{rank}. {name} {rate} (95 % interval {interval}, n = {n})";
    PASTE_NONE "无：各社区与全街道的差别都可能出于偶然" "none: chance may explain every difference from all";
    PASTE_RANKED "全部名次" "All ranks";
    PASTE_FEW "数量太少，不评：{names}" "Too few to rank: {names}";
    PASTE_UNSEEN "没有判定：{names}" "Nothing judged: {names}";
    LIST_COMMA "、" ", ";
    PASTE_COUNT "{name}（n={n}）" "{name} (n = {n})";

    // Charts.
    CHART_RATE "各类别合格率（分歧不算合格）" "Rate by category (disputed is no pass)";
    CHART_CASES "问题变化" "Cases over time";
    CHART_HEAT "社区与类别合格率" "Rate by community and category";
    REPORT_CONTENTS "目录" "Contents";
    CHART_NO_DATA "没有数据" "no data";

    // What is wrong with a command line.
    USAGE_MISSING "缺少: {arg}" "missing: {arg}";
    USAGE_UNKNOWN "没有这个选项: {arg}" "no such option: {arg}";
    USAGE_NO_COMMAND "没有这个命令: {arg}" "no such command: {arg}";
    USAGE_BAD_VALUE "{arg} 不能是 {value}" "{arg} cannot be {value}";
    USAGE_TWICE "{arg} 不能重复，也不能与别的选项同用" "{arg} is there twice or does not go with another option";
    USAGE_VALID "可以是: {values}" "possible: {values}";
    USAGE_SUGGESTED "是不是: {name}" "perhaps: {name}";
    USAGE_HELP "更多说明: xunjie --help" "more: xunjie --help";

    // `xunjie report`.
    CLI_REPORT "报告: 台账、汇总、红黑榜、轮次对比、讲评会简报" "Report: ledger, summary, ranking, round against round, a brief for the meeting";
    OPT_FORMAT "格式；省略则看 -o 的扩展名" "Format; without it, that of the name after -o";
    OPT_REPORT_OUT "写入此文件，或此目录（已存在，或以 / 结尾）；省略则写到标准输出" "Write to this file, or to this folder (one that exists, or a name with / at its end); without it, to standard output";
    OPT_REPORT_AS_OF "报告日：按这一天判断是否逾期，默认取最新一条记录的日期" "The day of the report, for which overdue is told; that of the newest record if not given";
    OPT_REPORT_ROUND "只含这一轮" "Only this round";
    OPT_AGAINST "与这一轮对比；省略则每个目标与前一次相比" "The round to compare with; without it, each target with the look before";
    OPT_TABLE "CSV 只写这一张表，默认台账" "For CSV, only this table; the ledger if not given";
    OPT_NO_BOM "CSV 开头不写字节顺序标记" "No byte order mark at the start of CSV";
    REPORT_NO_FORMAT "请用 --format 指定格式，或让 -o 的文件名以 .xlsx .csv .html .md .json 结尾" "give --format, or a name after -o that ends in .xlsx .csv .html .md .json";
    REPORT_OTHER_NAME "--format {format} 与文件名 {path} 不一致" "--format {format} and the name {path} do not fit";
    REPORT_TO_TERMINAL "xlsx 不能直接显示在屏幕上，请用 -o 指定文件" "an xlsx file is not printed on a screen; give -o FILE";
    REPORT_TABLE_CSV "--table 只用于 CSV" "--table is for CSV only";
    REPORT_OVER_LOG "{path} 是巡查日志，不会覆盖；请换个文件名" "{path} is a log; it is not written over; choose another name";
    REPORT_OVER_INPUT "{path} 是输入之一，不会覆盖；请换个文件名" "{path} is one of the inputs; it is not written over; choose another name";
    REPORT_NOT_A_FILE "{path} 已存在，但不是普通文件；请换个文件名" "{path} exists and is no regular file; choose another name";
    REPORT_OVER_LINK "{path} 是链接，不会沿链接写入；请直接给出要写的文件或目录" "{path} is a link, and links are not followed; give the file or folder itself";
    REPORT_OVER_OTHER "{path} 已存在，但不是本程序这种格式的报告，不会覆盖；请换个文件名，或先移走它" "{path} exists and is no report of this format; it is not written over; choose another name, or move it away first";
    REPORT_OVER_LARGE "{path} 已存在，太大，不像报告，不会覆盖；请换个文件名" "{path} exists and is too large for a report; it is not written over; choose another name";
    REPORT_NO_FOLDER "没有目录 {path}；请先建好" "there is no folder {path}; make it first";
    REPORT_NO_ROUND "日志里没有轮次 {round}；有：{rounds}" "no log has the round {round}; there are: {rounds}";
    REPORT_RULINGS "本机的复核日志（裁定、报整改）不全在输入里，没有计入；要计入，请把日志目录也列为输入（见 xunjie where）"
        "review logs of this computer (rulings, claims) are not all among the inputs and do not count; to count them, name the folder of logs too (see xunjie where)";
    REPORT_DAY "报告日 {date}：最新一条记录的日期（--as-of 可另定）" "as of {date}, the day of the newest record (--as-of sets another)";
    REPORT_DAY_AHEAD "报告日 {date} 取自最新一条记录，但它晚于今天：有电脑的时钟不对；请用 --as-of 指定" "as of {date}, the day of the newest record, which is ahead of today: the clock of some computer is wrong; give --as-of";
    REPORT_WRITTEN "已写入 {path}" "written: {path}";
    REPORT_MAYBE_OPEN "{path}：{why}；是不是正在别的程序里打开着？" "{path}: {why}; is it open in another program?";
}
