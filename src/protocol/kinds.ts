/** Every kind number of the wire (docs/architecture.md; the protocol page). A number appears here and nowhere else. */

export const PROFILE = 0; // NIP-01
export const NOTE = 1; // a chat line in groups whose metadata supports it
export const LEGACY_DIRECT_MESSAGE = 4; // NIP-04: read, never written
export const DELETION = 5; // NIP-09
export const REACTION = 7; // NIP-25
export const CHAT_LINE = 9; // NIP-C7, groups hosted elsewhere
export const THREAD = 11; // NIP-7D, read only
export const SEAL = 13; // NIP-59
export const DIRECT_MESSAGE = 14; // NIP-17
export const DIRECT_FILE = 15; // NIP-17
export const VANISH = 62; // NIP-62
export const EDIT = 1010;
export const POLL_ANSWER = 1018; // NIP-88
export const CALL_STARTED = 1020;
export const CALL_ENDED = 1021;
export const GIFT_WRAP = 1059; // NIP-59
export const FILE_METADATA = 1063; // NIP-94
export const POLL = 1068; // NIP-88
export const COMMENT = 1111; // NIP-22, read only
export const REPORT = 1984; // NIP-56

export const PUT_USER = 9000; // NIP-29 moderation
export const REMOVE_USER = 9001;
export const EDIT_METADATA = 9002;
export const DELETE_EVENT = 9005;
export const CREATE_GROUP = 9007;
export const DELETE_GROUP = 9008;
export const CREATE_INVITE = 9009;
export const UPDATE_PINS = 9010;
export const JOIN_REQUEST = 9021; // NIP-29; with an admin's foreign `p`: seed 000 "add member"
export const LEAVE_REQUEST = 9022; // NIP-29; with an admin's foreign `p`: seed 000 "remove member"
export const PROMOTE_ADMIN = 9023; // seed 000
export const DEMOTE_ADMIN = 9024; // seed 000

export const MUTE_LIST = 10000; // NIP-51
export const RELAY_LIST = 10002; // NIP-65
export const BLOCK_LIST = 10006; // seed 000
export const MY_GROUPS = 10009; // NIP-51
export const INBOX_RELAYS = 10050; // NIP-17
export const MEDIA_SERVERS = 10063; // BUD-03, NIP-B7

export const PLACE_CHAT = 20000; // ephemeral line at a cell
export const PLACE_PRESENCE = 20001;
export const CALL_JOIN_REQUEST = 20002;
export const RECEIPT = 20014; // a rumor: how far somebody has received or read
export const DISAPPEARING = 20016; // a rumor: how long the lines of a private talk stay
export const TYPING = 20015; // in groups with `h`; in private talk a rumor
export const EPHEMERAL_GIFT_WRAP = 21059;
export const CLIENT_AUTH = 22242; // NIP-42
export const DEVICE_LINK = 24136; // two devices of one person, for two minutes, sealed; see protocol/devices
export const BLOB_AUTH = 24242; // BUD-11
export const HTTP_AUTH = 27235; // NIP-98

export const FOLLOW_SET = 30000; // NIP-51; `d` = `contacts` is the people that one keeps, sealed to oneself
export const ARTICLE = 30023; // NIP-23: found by search, not shown
export const APP_DATA = 30078; // NIP-78; `d` = `devices` is its author's own business (seed 001)
export const STATUS = 30315; // NIP-38

export const GROUP_METADATA = 39000; // NIP-29 state, signed by the relay's own key
export const GROUP_ADMINS = 39001;
export const GROUP_MEMBERS = 39002;
export const GROUP_ROLES = 39003;
export const GROUP_LIVE = 39004;
export const GROUP_PINS = 39005;

/** Kinds shown as lines of a group's timeline: the first is written at home, the others are read. */
export const LINE_KINDS: readonly number[] = [NOTE, CHAT_LINE, THREAD, POLL, COMMENT];

/** NIP-29's moderation range: from these events alone a group can be rebuilt. */
export const FIRST_MODERATION = 9000;
export const LAST_MODERATION = 9020;

/** NIP-29 moderation by admins (9000–9020) plus seed 000's promote and demote. */
export const isModeration = (kind: number): boolean =>
  (kind >= FIRST_MODERATION && kind <= LAST_MODERATION) || kind === PROMOTE_ADMIN || kind === DEMOTE_ADMIN;

/** Everything that changes or asks to change a group's state. */
export const isGroupAction = (kind: number): boolean =>
  isModeration(kind) || kind === JOIN_REQUEST || kind === LEAVE_REQUEST;

/** NIP-29 state events, which only the relay's own key may sign. */
export const isGroupState = (kind: number): boolean => kind >= GROUP_METADATA && kind <= 39009;

/** NIP-01: only the newest of an author and kind is kept. */
export const isReplaceable = (kind: number): boolean =>
  kind === 0 || kind === 3 || (kind >= 10000 && kind < 20000);

/** NIP-01: delivered, never stored. */
export const isEphemeral = (kind: number): boolean => kind >= 20000 && kind < 30000;

/** NIP-01: only the newest of an author, kind and `d` tag is kept. */
export const isAddressable = (kind: number): boolean => kind >= 30000 && kind < 40000;
