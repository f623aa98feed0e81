// One person in the side panel: inviting somebody new, or changing roles, registration, room and colour.
import { h } from '../../kernel/dom.js';
import { signal } from '../../kernel/signal.js';
import { clinicPath, get, patch, post } from '../../api/client.js';
import { user } from '../../api/session.js';
import { STATES } from '../../base/brazil.js';
import { area, fmt } from '../../i18n/index.js';
import { button } from '../../ui/button.js';
import { checkbox, checkGroup, field } from '../../ui/field.js';
import { form } from '../../ui/form.js';
import { icon } from '../../ui/icon.js';
import { openPanel } from '../../ui/panel.js';
import { toast } from '../../ui/toast.js';
import { problemText } from '../../i18n/problems.js';
import { showCode } from './code.js';
import { colorField } from '../../ui/color-field.js';
import { confirmDeactivate, renewCode, setActive } from './acts.js';

const t = await area('team');

export const ROLES = /** @type {const} */ (['owner', 'professional', 'front_desk', 'finance', 'auditor', 'technician']);
const COUNCILS = ['CRM', 'CRO', 'CRP', 'CREFITO', 'CRN', 'COREN', 'CRFa', 'CRF', 'CREF', 'CRBM', 'CRESS'];

/** @typedef {import('./index.js').Member} Member */
/** @typedef {{ reload: () => Promise<any>, members: () => Member[] }} Team */

/** @param {Member | null} member null to invite somebody new @param {Team} team */
export async function openPerson(member, team) {
  const rooms = await get(clinicPath('/rooms')).then((answer) => answer.items, () => []);
  let current = member;
  /** @type {import('../../ui/form.js').Form | null} */
  let filling = null;
  await openPanel({
    title: () => (current ? current.name : t('invite_title')),
    subtitle: member ? member.email ?? (() => t('no_login')) : undefined,
    focus: member ? 'heading' : 'first',
    mayClose: () => filling?.mayLeave() ?? true,
    body: (close) => {
      filling = form({
        label: member ? t('details', { name: member.name }) : t('invite_title'),
        submit: () => t(member ? 'save' : 'invite_submit'), onCancel: () => void close(),
        body: fields(member, rooms), check: (values) => missing(values, member),
        stale: {
          reload: () => void close({ force: true }).then(async () => openPerson(await read(member), team)),
          keep: async () => void (current = await read(member)),
        },
        onSubmit: async (values, { key }) => {
          const body = toBody(values);
          if (current) await patch(clinicPath(`/users/${current.id}`), body, current.version);
          const made = current ? null : await post(clinicPath('/users'), body, { idempotencyKey: key });
          void team.reload();
          filling?.keep();
          await close({ force: true });
          toast({ text: t(current ? 'person_saved' : 'person_added', { name: values.name }) });
          if (made?.invite_code) showCode({ name: made.user.name, email: made.user.email, code: made.invite_code, expires_at: made.user.invite_expires_at });
        },
      });
      return [member && situation(member, team, close), filling.node];
    },
  });
}

/** @param {Member | null} member @returns {Promise<Member | null>} */
const read = (member) => (member ? get(clinicPath(`/users/${member.id}`)) : Promise.resolve(null));

/** @param {Member | null} member @param {any[]} rooms */
function fields(member, rooms) {
  const self = member !== null && member.id === user.peek()?.id;
  const attends = signal(member?.is_professional ?? false);
  return [
    field({ name: 'name', label: () => t('full_name'), value: member?.name, props: { autocomplete: 'off', maxlength: 200 } }),
    !member && field({ name: 'email', label: () => t('email'), type: 'email', quiet: true, hint: () => t(attends.value ? 'email_optional_hint' : 'email_hint'), props: { autocomplete: 'off', maxlength: 254, spellcheck: 'false' } }),
    self && h('div', { class: 'note info' }, icon('info'), h('p', null, t('own_rights_note'))),
    checkGroup({
      name: 'roles', label: () => t('roles'), hint: () => t('roles_hint'), value: member?.roles ?? [], optional: true,
      options: ROLES.map((role) => ({ value: role, label: () => t(`role_${role}`), hint: () => t(`role_${role}_hint`), disabled: self })),
      onInput: (roles) => {
        // Naming somebody a professional nearly always means they see patients; the box can still be unticked.
        const box = /** @type {HTMLInputElement | null} */ (document.querySelector('.panel [name="is_professional"]'));
        if (roles.includes('professional') && box && !box.checked && !member) {
          box.checked = true;
          attends.value = true;
        }
      },
    }),
    checkbox({ name: 'is_professional', label: () => t('attends'), hint: () => t('attends_hint'), value: attends.peek(), onInput: (on) => (attends.value = on) }),
    () => attends.value && workFields(member, rooms),
  ];
}

/** @param {Member | null} member @param {any[]} rooms */
function workFields(member, rooms) {
  return h('div', { class: 'cols' },
    field({ name: 'specialty', label: () => t('specialty'), optional: true, value: member?.specialty, props: { maxlength: 80, autocomplete: 'off' } }),
    field({ name: 'council.kind', label: () => t('council'), type: 'select', quiet: true, class: 'w4', emptyOption: () => t('council_none'), value: member?.council?.kind, options: COUNCILS.map((kind) => ({ value: kind.toUpperCase(), label: kind })) }),
    field({ name: 'council.number', label: () => t('council_number'), quiet: true, class: 'w5', value: member?.council?.number, props: { maxlength: 20, autocomplete: 'off' } }),
    field({ name: 'council.state', label: () => t('council_state'), type: 'select', quiet: true, class: 'w3', emptyOption: '', value: member?.council?.state, options: STATES.map((state) => ({ value: state, label: state })) }),
    field({ name: 'room_id', label: () => t('room'), type: 'select', quiet: true, emptyOption: () => t('room_none'), value: member?.room_id, options: rooms.filter((room) => room.active || room.id === member?.room_id).map((room) => ({ value: room.id, label: room.name })) }),
    colorField({ name: 'color', label: () => t('color'), value: member?.color ?? null }));
}

/** Somebody without a column in the agenda needs a role and a way to sign in. @param {Record<string, any>} values @param {Member | null} member */
function missing(values, member) {
  if (values.is_professional) return [];
  const problems = [];
  if (!member && !values.email) problems.push({ pointer: '/email', code: 'required' });
  if (!values.roles.length) problems.push({ pointer: '/roles', code: 'required' });
  return problems;
}

/** Half a registration is none: the server takes all three parts or null. @param {Record<string, any>} values */
function toBody(values) {
  const { council, ...rest } = values;
  const some = council && (council.kind || council.number);
  return { ...rest, ...(council ? { council: some ? council : null } : {}) };
}

/** @param {Member} member @param {Team} team @param {(options?: { force?: boolean }) => Promise<boolean>} close */
function situation(member, team, close) {
  const self = member.id === user.peek()?.id;
  const done = async (/** @type {() => Promise<boolean>} */ act) => {
    try {
      if (await act()) {
        void team.reload();
        await close({ force: true });
      }
    } catch (error) {
      toast({ text: problemText(error) });
    }
  };
  const line = member.last_login_at ? `${t('last_login')}: ${fmt.ago(member.last_login_at)}` : member.email ? t('never') : t('no_login');
  return h('div', { class: 'team-situation' }, h('p', { class: 'muted' }, line), !self && h('div', { class: 'button-row' },
    member.active && member.email && button({ label: () => t('new_code'), icon: 'key', small: true, onClick: () => void done(() => renewCode(member)) }),
    member.active ? button({ label: () => t('deactivate'), icon: 'ban', kind: 'danger', small: true, onClick: () => void done(() => confirmDeactivate(member)) })
      : button({ label: () => t('reactivate'), icon: 'undo', small: true, onClick: () => void done(() => setActive(member, true)) })));
}
