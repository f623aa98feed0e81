// The API's answers, written by a test from the OpenAPI document: change the server, not this file.
/** A Brazilian address; every part may be missing. */
export interface Address {
  /** Postal code. */
  cep: Cep | null;
  /** Street. */
  street: string | null;
  /** Number, as written ("s/n" too). */
  number: string | null;
  /** Flat, floor, block. */
  complement: string | null;
  /** Bairro. */
  district: string | null;
  /** City. */
  city: string | null;
  /** State. */
  state: Uf | null;
}
/** The agenda. */
export interface Agenda {
  /** Its first day. */
  date: Day;
  /** How many days. */
  days: number;
  /** The clinic's zone. */
  time_zone: string;
  /** Minutes of a slot. */
  slot_min: number;
  /** Days on which work rests by law. */
  holidays: Rest[];
  /** Who works here, and who has appointments in these days. */
  professionals: Professional[];
  /** Everyone's days, cut into stretches. */
  day_hours: DayHours[];
  /** The appointments, by start. */
  appointments: Appointment[];
  /** Rooms in use, and those of the appointments. */
  rooms: RoomName[];
  /** Every tag. */
  tags: TagName[];
  /** How full each day of the first day's week is. */
  load: Load[];
}
/** One alert. */
export interface AlertState {
  /** The rule. */
  rule: RuleName;
  /** Of which clinic; null where it is of the machine. */
  clinic_id: number | null;
  /** How it stands. */
  state: State2;
  /** How bad it is, or would be. */
  severity: Severity;
  /** The last figure that was known. */
  value: number | null;
  /** What figure and thresholds count. */
  unit: Unit;
  /** The bad side of the threshold. */
  side: Side;
  /** Beyond this it fires. */
  fires_at: number;
  /** On the other side of this it resolves. */
  resolves_at: number;
  /** How long it must be beyond it, in seconds. */
  for_s: number;
  /** When it last began to fire. */
  fired_at: Instant | null;
  /** When it last stopped. */
  resolved_at: Instant | null;
  /** How often it began. */
  times: number;
  /** The person who said that they know; null also where it is someone of another clinic. */
  acknowledged_by: number | null;
  /** When they said so. */
  acknowledged_at: Instant | null;
  /** Until when nobody wants to hear of it. */
  silenced_until: Instant | null;
}
/** Every alert. */
export interface Alerts {
  /** Those that fire and are not silenced. */
  firing: number;
  /** One of each rule, quiet ones too. */
  items: AlertState[];
}
/** A stored appointment, as every answer shows it. */
export interface Appointment {
  /** The record's number in its clinic. */
  id: number;
  /** Starts at 1 and moves on with every change; the record's ETag. */
  version: number;
  /** When it was made. */
  created_at: Instant;
  /** When it last changed. */
  updated_at: Instant;
  /** The patient. */
  contact_id: number;
  /** Whose time it takes. */
  professional_id: number;
  /** The room it takes. */
  room_id: number | null;
  /** When it begins, on a whole minute. */
  starts_at: Instant;
  /** How long it lasts. */
  duration_min: number;
  /** What it is for. */
  kind: Kind;
  /** Its coloured mark. */
  tag_id: number | null;
  /** What the desk should know. */
  notes: string | null;
  /** Whether it is knowingly booked over others or outside the hours. */
  fit_in: boolean;
  /** Its payment. */
  payment: Payment;
  /** The patient. */
  contact: Patient;
  /** When it ends. */
  ends_at: Instant;
  /** Where it is in its life. */
  status: Status2;
  /** Why it did not happen. */
  cancellation_reason: string | null;
  /** When the patient arrived. */
  arrived_at: Instant | null;
  /** When care began. */
  in_care_at: Instant | null;
  /** When care ended. */
  done_at: Instant | null;
}
/** Free times, and on request why the others are not. */
export interface Availability {
  /** Free times of the duration asked for, by start; they may overlap each other. */
  items: Span[];
  /** What is in the way, by start. */
  blocked: Blocked[] | null;
}
/** A copy. */
export interface BackupCopy {
  /** The name of its folder. */
  name: string;
  /** When it was made. */
  made_at: Instant;
  /** Why. */
  reason: Reason;
  /** Bytes. */
  size_bytes: number;
  /** Entries of the trail that are in it. */
  entries: number;
}
/** The copies of the clinic. */
export interface Backups {
  /** The folder they lie in. */
  folder: string;
  /** Whether that is in the data folder, and so on the same disk. */
  beside_the_data: boolean;
  /** Newest first. */
  items: BackupCopy[];
  /** Folders that look like copies and cannot be read. */
  unreadable: number;
  /** Entries of the trail that are in no copy yet. */
  entries_since: number;
  /** Why the last copy was not made, as a problem code; null where it was. */
  failed: string | null;
  /** The last drill; null before the first. */
  drill: Drill | null;
}
/** A stretch that is not free. */
export interface Blocked {
  /** The first instant. */
  starts_at: Instant;
  /** The instant after the last. */
  ends_at: Instant;
  /** Why. */
  why: Why;
  /** The appointment that holds it. */
  appointment_id: number | null;
  /** A block's reason, a holiday's code. */
  reason: string | null;
}
/** A clinic that was brought back. */
export interface BroughtBack {
  /** Its number. */
  clinic_id: number;
  /** When the copy was made: the clinic is as it was then. */
  made_at: Instant;
}
/** One kind of thing kept in memory. */
export interface CacheDomain {
  /** `agenda`, `feed`, `other`: encoded answers; `rows`: what was made of rows; `sessions`: who is signed in. */
  domain: string;
  /** Found, since the start. */
  hits: number;
  /** Not there, and made. */
  misses: number;
  /** The share found. */
  hit_rate: number | null;
  /** How many are kept. */
  entries: number;
  /** Bytes they take, about; null where they are only counted. */
  bytes: number | null;
  /** Bytes they may take, together with those that share their place. */
  bound_bytes: number | null;
}
/** What is kept in memory for a clinic. */
export interface Caches {
  /** The share of looks that found something, since the start. */
  hit_rate: number | null;
  /** Each kind. */
  domains: CacheDomain[];
}
/** All that is known. */
export interface Capacity {
  /** How full it is. */
  now: Now;
  /** The measurement under way. */
  under_way: UnderWay | null;
  /** Why the last one that was started here failed, if it did. */
  failed: string | null;
  /** The measurement the limit comes from. */
  limit_from: Past | null;
  /** Past measurements, newest first. */
  past: Past[];
  /** By how many hundredths the newest carries less than the one before; null when it does not, or nothing can be compared. */
  worse_by_percent: number | null;
}
export type Cep = string;
/** One field that changed. */
export interface Change {
  /** The field, nested ones by their path: `address.cep`. */
  field: string;
  /** Its value before. */
  from: unknown;
  /** Its value after. */
  to: unknown;
  /** What the value before is called, where it is the number of a record. */
  from_name: string | null;
  /** What the value after is called. */
  to_name: string | null;
}
/** A way out. */
export type Channel = "webhook" | "email";
/** One check. */
export interface Check {
  /** Its verdict. */
  status: Verdict;
  /** The figure behind it, where there is one: bytes, jobs or seconds, as the name says. */
  value: number | null;
}
/** What became of it. */
export interface Checked {
  /** Whether the trail still holds all it held when the code was written down. */
  holds: boolean;
  /** The closing it is the code of; null when it is of none of that day. */
  closing: Closing | null;
}
/** The figures of one clinic, since the program started. */
export interface ClinicMetrics {
  /** The clinic. */
  clinic_id: number;
  /** Seconds these figures are of. */
  seconds: number;
  /** Requests of its people. */
  requests: number;
  /** Those that failed by our fault. */
  errors: number;
  /** Half of them took no longer. */
  p50_ms: number | null;
  /** 95 of 100. */
  p95_ms: number | null;
  /** 99 of 100. */
  p99_ms: number | null;
  /** The longest. */
  max_ms: number | null;
  /** People at work now. */
  people: number;
  /** Screens listening now. */
  sse: number;
  /** Jobs waiting for the writer now. */
  writer_waiting: number;
  /** Commits. */
  commits: number;
  /** Jobs that shared them. */
  jobs: number;
  /** Half of the commits took no longer. */
  commit_p50_ms: number | null;
  /** 95 of 100. */
  commit_p95_ms: number | null;
  /** Groups of work that were not committed. */
  lost_groups: number;
  /** 95 of 100 readers waited no longer for their place. */
  reader_wait_p95_ms: number | null;
  /** How long the oldest look waits to be put on record, now. */
  trail_lag_ms: number | null;
  /** Faults the last verification of the trail found; null while none has ended. */
  trail_faults: number | null;
  /** People let in. */
  sign_ins: number;
  /** Tries refused. */
  sign_in_failures: number;
  /** Bytes of the log SQLite writes ahead of its file. */
  wal_bytes: number;
  /** The share of looks into its caches that found something. */
  cache_hit_rate: number | null;
}
/** The end of a day, for paper. */
export interface Closing {
  /** The clinic's day. */
  day: Day;
  /** When. */
  at: Instant;
  /** Entries the code stands for. */
  entries: number;
  /** The checkpoint's number. */
  number: number;
  /** The code: three groups of four letters and digits. */
  code: string;
}
export type Cnpj = string;
export type Cns = string;
/** A calendar just connected. Its address is shown this once and kept nowhere. */
export interface Connected {
  /** The record's number in its clinic. */
  id: number;
  /** Starts at 1 and moves on with every change; the record's ETag. */
  version: number;
  /** When it was made. */
  created_at: Instant;
  /** When it last changed. */
  updated_at: Instant;
  /** What its owner calls it: "Celular". */
  name: string;
  /** How it is connected. */
  kind: Connection;
  /** Who made it. */
  user_id: number;
  /** Whose agenda it shows. */
  professional_id: number;
  /** Their name. */
  professional_name: string;
  /** When a program last asked for it. */
  last_used_at: Instant | null;
  /** When it was last brought up to date: a feed is, each time it is read. */
  last_sync_at: Instant | null;
  /** Whether it still answers. */
  state: State;
  /** The secret address. */
  url: string;
  /** The same as a QR code, to point a telephone at. */
  qr_svg: string;
}
/** How a calendar is connected. */
export type Connection = "ics_feed";
/** A stored contact. */
export interface Contact {
  /** The record's number in its clinic. */
  id: number;
  /** Starts at 1 and moves on with every change; the record's ETag. */
  version: number;
  /** When it was made. */
  created_at: Instant;
  /** When it last changed. */
  updated_at: Instant;
  /** Civil name. */
  name: string;
  /** The name they go by, shown first everywhere. */
  social_name: string | null;
  /** Day of birth, from 1900 on. */
  birth_date: Day | null;
  /** Sex at birth. */
  sex: Sex | null;
  /** Gender, in their own words. */
  gender: string | null;
  /** Their mother's name, which tells namesakes apart. */
  mother_name: string | null;
  /** Their number at the tax office; no two contacts share one. */
  cpf: Cpf | null;
  /** Their number in the public health system. */
  cns: Cns | null;
  /** Telephone. */
  phone: Phone | null;
  /** Whether that telephone has WhatsApp. */
  whatsapp: boolean;
  /** E-mail. */
  email: Email | null;
  /** Where they live. */
  address: Address;
  /** Whom to call. */
  emergency_contact: EmergencyContact;
  /** What they do. */
  profession: string | null;
  /** How far they have come. */
  status: Status;
  /** How soon the desk should see to them. */
  priority: Priority;
  /** Where they came from. */
  source: Source;
  /** What they must not be given. */
  allergies: string[];
  /** What they take. */
  medications: string[];
  /** Anything else the desk should know. Not the medical record. */
  notes: string | null;
  /** What to call them. */
  display_name: string;
  /** Their number in this clinic's register, given by it. */
  record_number: number;
}
/** A registration: council, number and state, unique as a whole. In JSON an object of the three. */
export interface Council {
  kind: CouncilKind;
  /** Digits, with the region or category some councils write: `123456`, `06/12345`, `12345-F`. */
  number: string;
  state: Uf;
}
/** Which council; stored and sent as its abbreviation in capitals, and `other` for one not listed. */
export type CouncilKind = "CRM" | "CRO" | "CRP" | "CREFITO" | "CRN" | "COREN" | "CRFA" | "CRF" | "CREF" | "CRBM" | "CRESS" | "other";
export type Cpf = string;
export type Day = string;
/** One day of one professional. */
export interface DayHours {
  /** The day. */
  date: Day;
  /** The professional. */
  professional_id: number;
  /** The clinic's day from its first opening to its last closing, without gaps. */
  stretches: Stretch[];
}
/** Somebody who signs in to the demonstration. */
export interface DemoSignIn {
  /** Their e-mail, on a domain reserved for examples. */
  email: string;
  /** Drawn for this demonstration and told nowhere else. */
  password: string;
  /** What they may do. */
  roles: Roles;
}
/** How much air the agenda has. */
export type Density = "comfortable" | "compact";
/** How bringing the newest copy back into nowhere went. */
export interface Drill {
  /** When. */
  at: Instant;
  /** When the copy was made. */
  copy_made_at: Instant;
  /** Whether the copy could take the clinic's place. */
  passed: boolean;
  /** How long it took, in milliseconds. */
  took_ms: number;
}
/** A contact that has one of the numbers. */
export interface Duplicate {
  /** Which number: `cpf`, `cns` or `phone`. */
  field: string;
  /** Who has it. */
  contact: Namesake;
}
export type Email = string;
/** Whom to call when something happens. */
export interface EmergencyContact {
  /** Their name. */
  name: string | null;
  /** Their telephone. */
  phone: Phone | null;
}
/** One entry. */
export interface Entry {
  /** Its number; without gaps from 1. */
  seq: number;
  /** When. */
  at: Instant;
  /** Who; null for the program itself and for strangers at the door. */
  user_id: number | null;
  /** Their name. */
  user_name: string | null;
  /** The roles they had then. */
  roles: string[];
  /** What was done, as `updated`. */
  verb: string;
  /** To what kind of record, as `contact`. */
  entity: string;
  /** To which one; null where it was about none. */
  entity_id: number | null;
  /** The last one, where the same was done to a run of them. */
  last_id: number | null;
  /** How it ended. */
  outcome: Outcome;
  /** Names of the fields that changed; of a search the kinds of term and how many were found; of a refusal why. */
  columns: string[];
  /** The address it came from, or the name of a command. */
  origin: string;
  /** The request's id, as in the log. */
  request_id: string;
  /** The reason that was given. */
  reason: string;
  /** Its hash, in hexadecimal; the next entry's covers it. */
  hash: string;
}
/** One thing that is wrong, and where it shows. */
export interface Fault {
  /** The entry at which it shows. */
  seq: number;
  /** What is wrong. */
  why: Why2;
  /** The checkpoint that tells, where one does. */
  checkpoint: number | null;
}
/** A connected calendar. */
export interface Feed {
  /** The record's number in its clinic. */
  id: number;
  /** Starts at 1 and moves on with every change; the record's ETag. */
  version: number;
  /** When it was made. */
  created_at: Instant;
  /** When it last changed. */
  updated_at: Instant;
  /** What its owner calls it: "Celular". */
  name: string;
  /** How it is connected. */
  kind: Connection;
  /** Who made it. */
  user_id: number;
  /** Whose agenda it shows. */
  professional_id: number;
  /** Their name. */
  professional_name: string;
  /** When a program last asked for it. */
  last_used_at: Instant | null;
  /** When it was last brought up to date: a feed is, each time it is read. */
  last_sync_at: Instant | null;
  /** Whether it still answers. */
  state: State;
}
/** What a person compares before trusting the authority. */
export interface Fingerprint {
  /** SHA-256 of the root certificate, as hexadecimal pairs. */
  sha256: string;
}
/** A founded clinic. The recovery code is shown once. */
export interface Founded {
  /** The owner. */
  user: Me;
  /** The clinic. */
  clinic: MyClinic;
  /** Opens the clinic's key on another machine. Kept nowhere by the program. */
  recovery_code: string;
}
/** The state, and for those who may see it what it is made of. */
export interface Health {
  /** The worst verdict. */
  status: Verdict;
  /** Version of the program; null, as all that follows, for whoever may not see more than the state. */
  version: string | null;
  /** Seconds since it started. */
  uptime_s: number | null;
  /** Each check by name: `database`, `writer`, `disk_free_bytes`, `certificate_seconds_left`, `chain`, `backups`, and `clinics_failed` where there are such. */
  checks: Record<string, Check> | null;
  /** Numbers of the clinics whose files are there and cannot be opened. */
  failed_clinics: number[] | null;
}
/** One holiday. */
export interface Holiday {
  /** Its day. */
  date: string;
  /** Stable code, as `independence`; a screen in another language has its own words for it. */
  code: string;
  /** Its name in Portuguese. */
  name: string;
  /** A day on which closing is customary, not ordered. */
  optional: boolean;
}
/** What would happen if a file were brought in. */
export interface ImportCheck {
  /** Its columns. */
  columns: ImportColumn[];
  /** Every field a column may become. */
  fields: string[];
  /** What stands between its cells. */
  delimiter: string;
  /** How its letters are written: `utf-8` or `windows-1252`. */
  encoding: string;
  /** Rows of the file. */
  rows: number;
  /** Rows that would be written. */
  ready: number;
  /** Rows about people known already. */
  duplicates: number;
  /** Rows that would be refused. */
  invalid: number;
  /** The first 200 of what is wrong, refused rows before known ones. */
  errors: ImportProblem[];
  /** Whether an import would leave a list of rows that were not brought in. */
  has_error_file: boolean;
}
/** A column of a file. */
export interface ImportColumn {
  /** Its name. */
  header: string;
  /** The field it becomes; null when it is left out. */
  field: string | null;
  /** Its first cells. */
  sample: string[];
}
/** Something wrong in a row. */
export interface ImportProblem {
  /** The line of the file, from 1. */
  line: number;
  /** The name of the column, or of the field where it has none; empty where the row as a whole is meant. */
  column: string;
  /** The stable code. */
  code: string;
  /** The cell. */
  value: string;
}
/** Who brought a file in. */
export interface ImportedBy {
  /** The person's number. */
  id: number;
  /** Their name. */
  name: string;
}
export type Instant = string;
/** A fresh one-time code. */
export interface Invitation {
  /** The code to hand over, shown once. */
  invite_code: string;
  /** Until when it can be used. */
  expires_at: Instant;
}
/** Someone just invited: the code is shown once. */
export interface Invited {
  /** The person. */
  user: Member;
  /** The one-time code to hand over; none for a professional without e-mail. */
  invite_code: string | null;
}
/** What an appointment is for. */
export type Kind = "first_visit" | "visit" | "return" | "evaluation" | "procedure" | "emergency";
/** The languages of the screens. */
export type Language = "pt-BR" | "en";
/** One line of the log. Nobody's data is in it: codes, numbers and figures only. */
export interface Line {
  /** When, RFC 3339 with microseconds. */
  at: string;
  /** `ERROR`, `WARN`, `INFO` or `DEBUG`. */
  level: string;
  /** What it is about. */
  category: string;
  /** The part of the program. */
  target: string;
  /** What it says, in English. */
  message: string;
  /** Its figures and codes by name. */
  fields: Record<string, unknown>;
}
/** Lines of the log. */
export interface Lines {
  /** Newest first. */
  items: Line[];
}
/** A contact in a list. */
export interface Listed {
  /** The record's number in its clinic. */
  id: number;
  /** Starts at 1 and moves on with every change; the record's ETag. */
  version: number;
  /** When it was made. */
  created_at: Instant;
  /** When it last changed. */
  updated_at: Instant;
  /** Civil name. */
  name: string;
  /** The name they go by. */
  social_name: string | null;
  /** What to call them. */
  display_name: string;
  /** Day of birth. */
  birth_date: Day | null;
  /** CPF. */
  cpf: Cpf | null;
  /** CNS. */
  cns: Cns | null;
  /** Telephone. */
  phone: Phone | null;
  /** Whether it has WhatsApp. */
  whatsapp: boolean;
  /** E-mail. */
  email: Email | null;
  /** How far they have come. */
  status: Status;
  /** How soon the desk should see to them. */
  priority: Priority;
  /** Their number in the clinic's register. */
  record_number: number;
  /** Their last appointment that was not called off or missed. */
  last_appointment_at: Instant | null;
  /** Their next one. */
  next_appointment_at: Instant | null;
}
/** How full a day is. */
export interface Load {
  /** The day. */
  date: Day;
  /** Minutes that appointments hold. */
  booked_min: number;
  /** Minutes in which those who work here can be booked. */
  open_min: number;
  /** Appointments that hold time. */
  count: number;
}
/** The signed-in person, as the screens need them. */
export interface Me {
  /** Their number. */
  id: number;
  /** Their name. */
  name: string;
  /** Their e-mail. */
  email: string | null;
  /** Their roles. */
  roles: Roles;
  /** What those allow, by name. */
  permissions: string[];
  /** Whether they have an agenda. */
  is_professional: boolean;
  /** Their colour. */
  color: number;
  /** Their registration. */
  council: Council | null;
  /** Their specialty. */
  specialty: string | null;
  /** Language of the screens. */
  language: Language;
  /** Light or dark. */
  theme: Theme;
  /** How much air the agenda has. */
  density: Density;
  /** Whether single letters act. */
  single_key_shortcuts: boolean;
  /** Version of their record. */
  version: number;
}
/** A person as the team screen shows them. */
export interface Member {
  /** The record's number in its clinic. */
  id: number;
  /** Starts at 1 and moves on with every change; the record's ETag. */
  version: number;
  /** When it was made. */
  created_at: Instant;
  /** When it last changed. */
  updated_at: Instant;
  /** Full name. */
  name: string;
  /** E-mail they sign in with; a professional without one has an agenda but cannot sign in. */
  email: Email | null;
  /** What they may do here. */
  roles: Roles;
  /** Whether the agenda has a column for them. */
  is_professional: boolean;
  /** Registration at their council. */
  council: Council | null;
  /** Specialty, as written on the door. */
  specialty: string | null;
  /** Colour of their agenda, an index into the palette. */
  color: number | null;
  /** Room they usually work in. */
  room_id: number | null;
  /** Whether they work here now. People who acted are never removed. */
  active: boolean;
  /** The first of the roles, for programs that know only one. */
  role: Role | null;
  /** How they stand to the clinic. */
  status: Standing;
  /** Their last sign-in. */
  last_login_at: Instant | null;
  /** Until when their one-time code can be used, or could; none once it was used. */
  invite_expires_at: Instant | null;
}
/** How a stretch of time was. */
export interface Metrics {
  /** The stretch. */
  span: Span2;
  /** Seconds from point to point. */
  step_s: number;
  /** Its points, oldest first; there is none for times in which the program did not run. */
  points: Point[];
  /** Each route that was asked, the busiest first; the stretch is met within ten minutes. */
  routes: RouteMetrics[];
}
/** The clinic, as the screens need it. */
export interface MyClinic {
  /** Its number. */
  id: number;
  /** Its name. */
  name: string;
  /** Its time zone. */
  time_zone: string;
  /** Whether it is made up. */
  is_demo: boolean;
  /** Whether someone proved to have the recovery code. */
  recovery_confirmed: boolean;
}
/** Enough of a contact to tell whether it is the same person. */
export interface Namesake {
  /** The contact's number. */
  id: number;
  /** What to call them. */
  display_name: string;
  /** Day of birth. */
  birth_date: Day | null;
  /** Telephone. */
  phone: Phone | null;
}
/** How full it is. */
export interface Now {
  /** People at work: who asked for anything in the last five minutes. */
  people: number;
  /** People there is room for. */
  limit: number;
  /** From how many on it is worth a warning. */
  alert_at: number;
  /** Whether the limit was measured. */
  measured: boolean;
}
/** One weekday's hours, in minutes of the day: 510 is 08:30. */
export interface OpeningHours {
  /** 1 for Monday to 7 for Sunday. */
  weekday: number;
  /** First minute. */
  opens: number;
  /** Minute after the last. */
  closes: number;
  /** First minute of lunch. */
  lunch_from: number | null;
  /** Minute after lunch. */
  lunch_to: number | null;
}
/** How an act ended. */
export type Outcome = "done" | "refused" | "failed";
/** One page of a list. `next` goes back as `cursor` for the page after it. */
export interface Page {
  /** The rows of this page. */
  items: Holiday[];
  /** Opaque cursor of the next page; null at the end. */
  next: string | null;
}
/** One page of a list. `next` goes back as `cursor` for the page after it. */
export interface Page10 {
  /** The rows of this page. */
  items: Appointment[];
  /** Opaque cursor of the next page; null at the end. */
  next: string | null;
}
/** One page of a list. `next` goes back as `cursor` for the page after it. */
export interface Page11 {
  /** The rows of this page. */
  items: Feed[];
  /** Opaque cursor of the next page; null at the end. */
  next: string | null;
}
/** One page of a list. `next` goes back as `cursor` for the page after it. */
export interface Page12 {
  /** The rows of this page. */
  items: SessionView[];
  /** Opaque cursor of the next page; null at the end. */
  next: string | null;
}
/** One page of a list. `next` goes back as `cursor` for the page after it. */
export interface Page13 {
  /** The rows of this page. */
  items: Entry[];
  /** Opaque cursor of the next page; null at the end. */
  next: string | null;
}
/** One page of a list. `next` goes back as `cursor` for the page after it. */
export interface Page2 {
  /** The rows of this page. */
  items: Saved2[];
  /** Opaque cursor of the next page; null at the end. */
  next: string | null;
}
/** One page of a list. `next` goes back as `cursor` for the page after it. */
export interface Page3 {
  /** The rows of this page. */
  items: Member[];
  /** Opaque cursor of the next page; null at the end. */
  next: string | null;
}
/** One page of a list. `next` goes back as `cursor` for the page after it. */
export interface Page4 {
  /** The rows of this page. */
  items: Listed[];
  /** Opaque cursor of the next page; null at the end. */
  next: string | null;
}
/** One page of a list. `next` goes back as `cursor` for the page after it. */
export interface Page5 {
  /** The rows of this page. */
  items: Duplicate[];
  /** Opaque cursor of the next page; null at the end. */
  next: string | null;
}
/** One page of a list. `next` goes back as `cursor` for the page after it. */
export interface Page6 {
  /** The rows of this page. */
  items: Revision[];
  /** Opaque cursor of the next page; null at the end. */
  next: string | null;
}
/** One page of a list. `next` goes back as `cursor` for the page after it. */
export interface Page7 {
  /** The rows of this page. */
  items: Saved3[];
  /** Opaque cursor of the next page; null at the end. */
  next: string | null;
}
/** One page of a list. `next` goes back as `cursor` for the page after it. */
export interface Page8 {
  /** The rows of this page. */
  items: Saved4[];
  /** Opaque cursor of the next page; null at the end. */
  next: string | null;
}
/** One page of a list. `next` goes back as `cursor` for the page after it. */
export interface Page9 {
  /** The rows of this page. */
  items: Saved5[];
  /** Opaque cursor of the next page; null at the end. */
  next: string | null;
}
/** A past measurement. */
export interface Past {
  /** Version of the program. */
  version: string;
  /** When, RFC 3339. */
  measured_at: string;
  /** The capacity: people. 0 when it held for no step. */
  people: number;
  /** Whether the measurement was told to end there, so that the computer may carry more. */
  reached_target: boolean;
  /** The recommended limit. */
  recommended: number;
  /** Where to warn. */
  alert_at: number;
  /** Why it ended before its end, if it did. */
  ended_early: string | null;
}
/** The patient, as the agenda needs them. */
export interface Patient {
  /** The contact's number. */
  id: number;
  /** Social name where there is one, else the name. */
  display_name: string;
  /** Telephone. */
  phone: string | null;
  /** Whether the telephone answers on WhatsApp. */
  whatsapp: boolean;
  /** Whether no earlier appointment of theirs holds its time. */
  first_visit: boolean;
}
/** What is known of an appointment's payment. */
export interface Payment {
  /** How far it is paid. */
  status: PaymentStatus;
  /** Its price in centavos. */
  amount_cents: number | null;
}
/** Whether an appointment is paid. */
export type PaymentStatus = "none" | "pending" | "partial" | "paid" | "waived";
/** People at work: those who did something in the last five minutes. */
export interface People {
  /** Now. */
  now: number;
  /** People the machine should carry; null while that was not measured. */
  limit: number | null;
  /** From so many on there is an alert. */
  alert_at: number | null;
  /** When that was measured. */
  measured_at: Instant | null;
  /** Version of the program that was measured. */
  measured_version: string | null;
}
export type Phone = string;
/** A block just written, and whom it gets in the way of. */
export interface Placed {
  /** The record's number in its clinic. */
  id: number;
  /** Starts at 1 and moves on with every change; the record's ETag. */
  version: number;
  /** When it was made. */
  created_at: Instant;
  /** When it last changed. */
  updated_at: Instant;
  /** Whose time it takes; null with no room: the whole clinic's. */
  professional_id: number | null;
  /** The room it takes. */
  room_id: number | null;
  /** Its first instant. */
  starts_at: Instant;
  /** The instant after its last. */
  ends_at: Instant;
  /** Why, as the agenda shows it. */
  reason: string;
  /** Appointments that hold time inside it, by start; at most 1,000. They stay as they are. */
  affected: number[];
}
/** One point: percentiles are those of all its requests together, figures that go up and down the worst of its minutes. */
export interface Point {
  /** When it begins. */
  at: Instant;
  /** Seconds of it in which the program ran. */
  seconds: number;
  /** Requests. */
  requests: number;
  /** Those that failed by our fault. */
  errors: number;
  /** Half of the requests took no longer. */
  p50_ms: number | null;
  /** 95 of 100. */
  p95_ms: number | null;
  /** 99 of 100. */
  p99_ms: number | null;
  /** Most people at work. */
  people: number;
  /** Most screens listening. */
  sse: number;
  /** The share of looks into caches that found something. */
  cache_hit_rate: number | null;
  /** Most jobs waiting for a writer. */
  writer_waiting: number;
  /** 95 of 100 commits took no longer. */
  commit_p95_ms: number | null;
  /** Least free disk. */
  disk_free_bytes: number | null;
  /** Most memory in use. */
  memory_bytes: number | null;
  /** The share of all processors that was used, from 0 to 1. */
  cpu_share: number | null;
  /** Greatest age of a clinic's newest copy, in seconds. */
  backup_age_s: number | null;
}
/** How soon the desk should see to them. */
export type Priority = "low" | "normal" | "high" | "urgent";
export interface Problem {
  type: string;
  title?: string;
  status: number;
  code: string;
  request_id: string;
  errors?: ({
    pointer: string;
    line: number;
    column: string;
    code: string;
  })[];
}
/** A column of the agenda. */
export interface Professional {
  /** The person's number. */
  id: number;
  /** Their name. */
  name: string;
  /** Their colour. */
  color: number;
  /** Their specialty. */
  specialty: string | null;
  /** The room they usually work in. */
  room_id: number | null;
  /** Its name. */
  room_name: string | null;
  /** Whether they work here now. */
  active: boolean;
}
/** Why a copy was made. */
export type Reason = "start" | "hourly" | "daily" | "stop" | "by_hand";
/** Requests of the last minute. */
export interface Recent {
  /** Seconds these figures are of; fewer than 60 just after the start. */
  seconds: number;
  /** Each second. */
  per_second: number;
  /** Being answered now. */
  in_flight: number;
  /** Half of them took no longer. */
  p50_ms: number | null;
  /** 95 of 100. */
  p95_ms: number | null;
  /** 99 of 100. */
  p99_ms: number | null;
  /** The share that failed by our fault, from 0 to 1; null where there were none. */
  error_rate: number | null;
}
/** Another recovery code. It is shown once. */
export interface Renewed {
  /** Opens the clinic's key on another machine; the code before it no longer does. Kept nowhere by the program. */
  recovery_code: string;
}
/** A holiday. */
export interface Rest {
  /** Its day. */
  date: Day;
  /** Its stable code. */
  code: string;
  /** Its name in Portuguese. */
  name: string;
}
/** One step of a record's life. */
export interface Revision {
  /** The record's version after it. */
  version: number;
  /** When. */
  at: Instant;
  /** Who; null for the program itself. */
  user_id: number | null;
  /** Their name. */
  user_name: string | null;
  /** What was done, as the trail says it: `created`, `updated`, `status_changed`. */
  verb: string;
  /** Whether the values before were lawfully erased. */
  erased: boolean;
  /** What changed. */
  changes: Change[];
}
/** One role. */
export type Role = "owner" | "professional" | "front_desk" | "finance" | "auditor" | "technician";
/** A set of roles, in a fixed order, without repeats. */
export type Roles = Role[];
/** A room's name. */
export interface RoomName {
  /** Its number. */
  id: number;
  /** Its name. */
  name: string;
}
/** One route. */
export interface RouteMetrics {
  /** The method; empty for what fits no route. */
  method: string;
  /** The path, with parameters as `{id}`. */
  route: string;
  /** Requests. */
  requests: number;
  /** Those that failed by our fault. */
  errors: number;
  /** Half of them took no longer. */
  p50_ms: number | null;
  /** 95 of 100. */
  p95_ms: number | null;
  /** 99 of 100. */
  p99_ms: number | null;
  /** 999 of 1000. */
  p999_ms: number | null;
  /** The longest. */
  max_ms: number | null;
}
/** What is watched. */
export type RuleName = "response_time" | "error_rate" | "capacity" | "writer_queue" | "disk" | "certificate" | "clock" | "chain_broken" | "sign_in_attack" | "cache_unavailable" | "messages_failed" | "backup_age" | "backup_failed" | "drill_failed";
/** A stored record: its stamp and its fields, flat in JSON. */
export interface Saved {
  /** The record's number in its clinic. */
  id: number;
  /** Starts at 1 and moves on with every change; the record's ETag. */
  version: number;
  /** When it was made. */
  created_at: Instant;
  /** When it last changed. */
  updated_at: Instant;
  /** Its name. */
  name: string;
  /** Its telephone. */
  phone: Phone | null;
  /** Its e-mail. */
  email: Email | null;
  /** Its number at the Receita Federal. */
  cnpj: Cnpj | null;
  /** Its number in the register of health establishments, seven digits. */
  cnes: string | null;
  /** Where it is. */
  address: Address;
  /** IANA name of its time zone. */
  time_zone: string;
  /** Opening hours per weekday; a weekday left out is closed. */
  opening_hours: OpeningHours[];
  /** Whether it works on national holidays. */
  open_on_holidays: boolean;
  /** What it treats. */
  specialties: string[];
  /** Length of a slot of the agenda, in minutes. */
  slot_min: number;
  /** Minutes without a touch before the screen locks. */
  idle_lock_min: number;
}
/** A stored record: its stamp and its fields, flat in JSON. */
export interface Saved2 {
  /** The record's number in its clinic. */
  id: number;
  /** Starts at 1 and moves on with every change; the record's ETag. */
  version: number;
  /** When it was made. */
  created_at: Instant;
  /** When it last changed. */
  updated_at: Instant;
  /** As people call it: "Sala 1". */
  name: string;
  /** Whether it is still used. */
  active: boolean;
}
/** A stored record: its stamp and its fields, flat in JSON. */
export interface Saved3 {
  /** The record's number in its clinic. */
  id: number;
  /** Starts at 1 and moves on with every change; the record's ETag. */
  version: number;
  /** When it was made. */
  created_at: Instant;
  /** When it last changed. */
  updated_at: Instant;
  /** The file's name. */
  file_name: string;
  /** How it stands. */
  status: Standing2;
  /** Rows of the file. */
  rows: number;
  /** Rows seen to so far. */
  done: number;
  /** Contacts written. */
  created: number;
  /** Rows about people known already. */
  duplicates: number;
  /** Rows refused. */
  invalid: number;
  /** Who brought it in; none for the command line. */
  created_by: ImportedBy | null;
}
/** A stored record: its stamp and its fields, flat in JSON. */
export interface Saved4 {
  /** The record's number in its clinic. */
  id: number;
  /** Starts at 1 and moves on with every change; the record's ETag. */
  version: number;
  /** When it was made. */
  created_at: Instant;
  /** When it last changed. */
  updated_at: Instant;
  /** As people call it: "Convênio". */
  name: string;
  /** One of the palette's twelve colours. */
  color: number;
}
/** A stored record: its stamp and its fields, flat in JSON. */
export interface Saved5 {
  /** The record's number in its clinic. */
  id: number;
  /** Starts at 1 and moves on with every change; the record's ETag. */
  version: number;
  /** When it was made. */
  created_at: Instant;
  /** When it last changed. */
  updated_at: Instant;
  /** Whose time it takes; null with no room: the whole clinic's. */
  professional_id: number | null;
  /** The room it takes. */
  room_id: number | null;
  /** Its first instant. */
  starts_at: Instant;
  /** The instant after its last. */
  ends_at: Instant;
  /** Why, as the agenda shows it. */
  reason: string;
}
/** The state of the session. */
export interface SessionState {
  /** The person. */
  user: Me;
  /** The clinic. */
  clinic: MyClinic;
  /** Whether the screen is locked. */
  locked: boolean;
  /** Minutes without a touch before it locks. */
  idle_lock_min: number;
  /** When the session ends at the latest. */
  expires_at: Instant;
}
/** An open session, as its owner sees it. */
export interface SessionView {
  /** The session's number. */
  id: number;
  /** When it was opened. */
  created_at: Instant;
  /** When it was last used, to the minute. */
  last_seen_at: Instant;
  /** Address it was opened from. */
  origin: string;
  /** The browser, in its own words. */
  user_agent: string;
  /** Whether it is the one asking. */
  current: boolean;
}
/** State of the first run. */
export interface SetupState {
  /** Whether there is no clinic yet. */
  needs_setup: boolean;
  /** Version of the program. */
  version: string;
  /** Whether the demonstration can be looked at. */
  demo_available: boolean;
  /** Whether the demonstration is what is being shown. */
  in_demonstration: boolean;
  /** Whether the asker sits at this machine: set-up is refused from elsewhere. */
  loopback: boolean;
  /** How one signs in to the demonstration, told only while it is shown and only at this machine. */
  demo_users: DemoSignIn[];
}
/** How bad it is, from little to much. */
export type Severity = "info" | "warning" | "critical";
/** Sex at birth, as in the public health system's register. */
export type Sex = "female" | "male" | "intersex" | "unknown";
/** The demonstration with its owner signed in. */
export interface Shown {
  /** The owner. */
  user: Me;
  /** The clinic. */
  clinic: MyClinic;
  /** Everybody who signs in, the owner first. */
  users: DemoSignIn[];
}
/** Which side of a threshold is the bad one. */
export type Side = "above" | "below";
/** A signed head of the trail, for whoever keeps copies. */
export interface SignedHead {
  /** Counts from 1. */
  number: number;
  /** When it was signed. */
  at: Instant;
  /** The newest entry it covers. */
  seq: number;
  /** That entry's hash, in hexadecimal. */
  head: string;
  /** The Ed25519 public key that verifies it, in hexadecimal. */
  key: string;
  /** The key that verifies the next one. */
  next_key: string;
  /** The signature, in hexadecimal. */
  signature: string;
}
/** Who is signed in, and where. */
export interface SignedIn {
  /** The person. */
  user: Me;
  /** The clinic. */
  clinic: MyClinic;
}
/** Where they came from. */
export type Source = "whatsapp" | "site" | "referral" | "import" | "walk_in" | "other";
/** A stretch of time: from its first instant to the one after its last. */
export interface Span {
  /** The first instant. */
  starts_at: Instant;
  /** The instant after the last. */
  ends_at: Instant;
}
/** A stretch of time up to now. */
export type Span2 = "hour" | "day" | "month";
/** How a person stands to the clinic. */
export type Standing = "active" | "invited" | "inactive";
/** How an import stands. */
export type Standing2 = "running" | "done" | "failed" | "undone";
/** What became of a checkpoint seen before. */
export type Standing3 = "holds" | "missing" | "differs";
/** Whether an address still answers. */
export type State = "active" | "revoked";
/** What an alert is. */
export type State2 = "quiet" | "firing" | "acknowledged" | "silenced" | "resolved";
/** How far a verification is. */
export type State3 = "running" | "done";
/** How far someone has come as a patient. */
export type Status = "lead" | "active" | "in_treatment" | "inactive";
/** Where an appointment is in its life. The first six hold the time, the last four free it. */
export type Status2 = "requested" | "booked" | "confirmed" | "arrived" | "in_care" | "done" | "no_show" | "left" | "cancelled_by_patient" | "cancelled_by_clinic";
/** How all is now. */
export interface Status3 {
  /** The worst of what the checks of health and the alerts say. */
  verdict: Verdict;
  /** Alerts that fire and are not silenced. */
  alerts_firing: number;
  /** Version of the program. */
  version: string;
  /** When it started. */
  started_at: Instant;
  /** Seconds since then. */
  uptime_s: number;
  /** People at work, and what the machine carries. */
  people: People;
  /** Requests of the last minute. */
  requests: Recent;
  /** The share of looks into caches that found something, in the last minute. */
  cache_hit_rate: number | null;
  /** The writers of all clinics. */
  writer: WriterState;
  /** Screens listening for what happens. */
  sse: number;
  /** Free disk. */
  disk_free_bytes: number | null;
  /** Seconds until the TLS certificate ends; null where there is none. */
  certificate_seconds_left: number | null;
  /** Memory in use. */
  memory_bytes: number | null;
  /** The share of all processors used in the last minute, from 0 to 1. */
  cpu_share: number | null;
  /** How far the machine's clock has moved against a steady one since the start, in seconds. */
  clock_drift_s: number;
  /** Bytes the kept history takes. */
  history_bytes: number;
}
/** A stretch of a professional's day. */
export interface Stretch {
  /** The first instant. */
  starts_at: Instant;
  /** The instant after the last. */
  ends_at: Instant;
  /** What it is. */
  kind: StretchKind;
  /** Why: a block's reason, a holiday's code. */
  reason: string | null;
  /** The block. */
  block_id: number | null;
}
/** What a stretch of the day is. */
export type StretchKind = "closed" | "open" | "lunch" | "block" | "holiday";
/** A tag's name and colour. */
export interface TagName {
  /** Its number. */
  id: number;
  /** Its name. */
  name: string;
  /** Its colour. */
  color: number;
}
/** Light or dark. */
export type Theme = "system" | "light" | "dark";
/** What was looked at and what was found. */
export interface TrailVerdict {
  /** Entries. */
  entries: number;
  /** Earlier versions of records. */
  versions: number;
  /** Those of them whose values were lawfully erased. */
  erased: number;
  /** Checkpoints. */
  checkpoints: number;
  /** The newest entry a checkpoint covers. */
  sealed_to: number;
  /** What is wrong, by entry; empty when the trail is whole. */
  faults: Fault[];
}
export type Uf = "AC" | "AL" | "AM" | "AP" | "BA" | "CE" | "DF" | "ES" | "GO" | "MA" | "MG" | "MS" | "MT" | "PA" | "PB" | "PE" | "PI" | "PR" | "RJ" | "RN" | "RO" | "RR" | "RS" | "SC" | "SE" | "SP" | "TO";
/** A measurement under way. */
export interface UnderWay {
  /** `making`, `hiring`, `signing_in`, `measuring`, `measured` or `proving`. */
  stage: string;
  /** People of the step, where it is one. */
  people: number | null;
  /** How far this stage is. */
  done: number;
  /** Of how much. */
  total: number;
}
/** What a figure counts. */
export type Unit = "ms" | "share" | "people" | "jobs" | "bytes" | "seconds" | "count";
/** A verdict, from good to bad. */
export type Verdict = "healthy" | "degraded" | "unhealthy";
/** A verification and what it found. */
export interface Verification {
  /** How far it is. */
  state: State3;
  /** Entries done so far. */
  checked: number;
  /** Entries there are. */
  total: number;
  /** Whether the trail is whole; null while it is not known. */
  ok: boolean | null;
  /** The first entry at which something is wrong, and what. */
  first_broken: Fault | null;
  /** All that was found; null while it is not known. */
  verdict: TrailVerdict | null;
}
/** An appointment of a contact, in short. */
export interface Visit {
  /** The appointment's number. */
  id: number;
  /** With whom. */
  professional_id: number;
  /** Their name. */
  professional_name: string;
  /** From. */
  starts_at: Instant;
  /** Until. */
  ends_at: Instant;
  /** Its length. */
  duration_min: number;
  /** What kind, as `first_visit`. */
  kind: string;
  /** How it stands, as `booked`. */
  status: string;
  /** The record's version. */
  version: number;
}
/** The appointments of a contact. */
export interface Visits {
  /** Not yet over, soonest first. */
  upcoming: Visit[];
  /** Over, latest first; the newest 200. */
  past: Visit[];
}
/** One way out, counted since the program started. A message to two people counts as two. */
export interface WayState {
  /** Which. */
  channel: Channel;
  /** To how many messages go; 0 where it is not set up. */
  recipients: number;
  /** Messages being sent or tried again now. */
  under_way: number;
  /** Messages that arrived. */
  sent: number;
  /** Messages that were given up after several tries. */
  failed: number;
  /** When the last one arrived. */
  sent_at: Instant | null;
  /** When the last one was given up. */
  failed_at: Instant | null;
}
/** Every way out. */
export interface Ways {
  /** Each, set up or not. */
  items: WayState[];
}
/** Why a stretch is not free. */
export type Why = "closed" | "lunch" | "block" | "holiday" | "appointment" | "past";
/** What is wrong with a trail. */
export type Why2 = "entry_missing" | "entry_changed" | "history_changed" | "history_unbound" | "history_erased" | "checkpoint_forged" | "entries_rewritten" | "entries_cut" | "key_replaced" | "rolled_back" | "copy_differs";
/** The newest signed head, and what became of the one the asker knows. */
export interface Witness {
  /** The newest; null before the first. */
  latest: SignedHead | null;
  /** What became of the one known before; null when none was named. */
  known: Standing3 | null;
  /** What became of the newest copy kept beside the clinic's file. */
  copies: Standing3;
}
/** Writers. */
export interface WriterState {
  /** Whether all of them work. */
  alive: boolean;
  /** Jobs waiting. */
  waiting: number;
  /** 95 of 100 commits of the last minute took no longer. */
  commit_p95_ms: number | null;
}
/** What each request answers when it is granted. */
export interface Answers {
  'GET /api/clinic/{clinic_id}': Saved;
  'PATCH /api/clinic/{clinic_id}': Saved;
  'GET /api/clinic/{clinic_id}/holidays': Page;
  'GET /api/clinic/{clinic_id}/rooms': Page2;
  'POST /api/clinic/{clinic_id}/rooms': Saved2;
  'PATCH /api/clinic/{clinic_id}/rooms/{id}': Saved2;
  'GET /api/clinic/{clinic_id}/users/management': Page3;
  'POST /api/clinic/{clinic_id}/users': Invited;
  'GET /api/clinic/{clinic_id}/users/{id}': Member;
  'PATCH /api/clinic/{clinic_id}/users/{id}': Member;
  'POST /api/clinic/{clinic_id}/users/{id}/invite': Invitation;
  'GET /api/contacts': Page4;
  'POST /api/contacts': Contact;
  'GET /api/contacts/duplicates': Page5;
  'GET /api/contacts/{id}': Contact;
  'PATCH /api/contacts/{id}': Contact;
  'GET /api/contacts/{id}/appointments': Visits;
  'GET /api/contacts/{id}/history': Page6;
  'POST /api/contacts/import': ImportCheck;
  'GET /api/contacts/imports': Page7;
  'GET /api/contacts/imports/{id}': Saved3;
  'POST /api/contacts/imports/{id}/undo': Saved3;
  'GET /api/clinic/{clinic_id}/appointment-tags': Page8;
  'POST /api/clinic/{clinic_id}/appointment-tags': Saved4;
  'PATCH /api/clinic/{clinic_id}/appointment-tags/{id}': Saved4;
  'GET /api/clinic/{clinic_id}/blocks': Page9;
  'POST /api/clinic/{clinic_id}/blocks': Placed;
  'PATCH /api/clinic/{clinic_id}/blocks/{id}': Placed;
  'GET /api/agenda': Agenda;
  'GET /api/appointments': Page10;
  'POST /api/appointments': Appointment;
  'GET /api/appointments/availability': Availability;
  'GET /api/appointments/{id}': Appointment;
  'PATCH /api/appointments/{id}': Appointment;
  'GET /api/appointments/{id}/history': Page6;
  'POST /api/appointments/{id}/status': Appointment;
  'GET /api/calendar/integrations': Page11;
  'POST /api/calendar/integrations': Connected;
  'PATCH /api/calendar/integrations/{id}': Feed;
  'POST /api/calendar/integrations/{id}/sync': Feed;
  'POST /api/auth/login': SignedIn;
  'POST /api/auth/accept-invite': SignedIn;
  'POST /api/auth/unlock': SignedIn;
  'GET /api/auth/session': SessionState;
  'PATCH /api/auth/preferences': Me;
  'GET /api/auth/sessions': Page12;
  'GET /api/setup': SetupState;
  'POST /api/setup': Founded;
  'POST /api/clinic/{clinic_id}/recovery': Renewed;
  'GET /api/observability/health': Health;
  'GET /api/observability/metrics': Metrics;
  'GET /api/observability/status': Status3;
  'GET /api/observability/cache/status': Caches;
  'GET /api/observability/logs': Lines;
  'GET /api/observability/metrics/clinic/{clinic_id}': ClinicMetrics;
  'GET /api/observability/alerts': Alerts;
  'POST /api/observability/alerts/{rule}/acknowledge': AlertState;
  'POST /api/observability/alerts/{rule}/silence': AlertState;
  'GET /api/observability/messages': Ways;
  'POST /api/observability/messages/test': Ways;
  'GET /api/observability/capacity': Capacity;
  'POST /api/observability/capacity': Capacity;
  'GET /api/audit': Page13;
  'GET /api/audit/verify': Verification;
  'GET /api/audit/checkpoint': Witness;
  'POST /api/audit/closing': Closing;
  'POST /api/audit/closing/check': Checked;
  'POST /api/audit/restored': Witness;
  'GET /api/backups': Backups;
  'POST /api/backups': Backups;
  'POST /api/setup/restore': BroughtBack;
  'POST /api/setup/demo': Shown;
  'GET /trust/ca.json': Fingerprint;
}
