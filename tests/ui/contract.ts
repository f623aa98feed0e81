// What the server answers must be what the UI takes it for. Nothing here runs: an answer that does not fit is a type error.
import type { Answers } from '../../assets/types/api.d.ts';
import type { Session, User } from '../../assets/api/session.js';
import type { Problem } from '../../assets/api/client.js';
import type { Agenda, Appointment } from '../../assets/views/agenda/model.js';
import type { Health } from '../../assets/views/health/state.js';
import type { Block } from '../../assets/views/settings/blocks.js';
import type { Session as OpenSession } from '../../assets/views/settings/sessions.js';
import type { Room } from '../../assets/views/settings/rooms.js';
import type { Tag } from '../../assets/views/settings/tags.js';
import type { Verification } from '../../assets/views/audit/seal.js';
import type { Checked, Closing } from '../../assets/views/audit/closing.js';
import type { Entry } from '../../assets/views/audit/words.js';
import type { Revision } from '../../assets/history/panel.js';
import type { Member } from '../../assets/views/team/index.js';

/** An answer, held against the type that the UI has for it. */
type Fits<Answer extends Taken, Taken> = [Answer, Taken];

export type Contract = [
  Fits<Answers['GET /api/auth/session'], Session>,
  Fits<Answers['PATCH /api/auth/preferences'], User>,
  Fits<Answers['GET /api/agenda'], Agenda>,
  Fits<Answers['POST /api/appointments'], Appointment>,
  Fits<Answers['PATCH /api/appointments/{id}'], Appointment>,
  Fits<Answers['POST /api/appointments/{id}/status'], Appointment>,
  Fits<Answers['GET /api/clinic/{clinic_id}/users/management']['items'][number], Member>,
  Fits<Answers['GET /api/clinic/{clinic_id}/rooms']['items'][number], Room>,
  Fits<Answers['GET /api/clinic/{clinic_id}/appointment-tags']['items'][number], Tag>,
  Fits<Answers['GET /api/clinic/{clinic_id}/blocks']['items'][number], Block>,
  Fits<Answers['GET /api/observability/health'], Health>,
  Fits<Answers['GET /api/auth/sessions']['items'][number], OpenSession>,
  Fits<Answers['GET /api/audit']['items'][number], Entry>,
  Fits<Answers['GET /api/audit/verify'], Verification>,
  Fits<Answers['POST /api/audit/closing'], Closing>,
  Fits<Answers['POST /api/audit/closing/check'], Checked>,
  Fits<Answers['GET /api/contacts/{id}/history']['items'][number], Revision>,
  Fits<Answers['GET /api/appointments/{id}/history']['items'][number], Revision>,
  Fits<import('../../assets/types/api.d.ts').Problem, Problem>,
];
