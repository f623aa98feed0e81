// The demonstration: its sign-ins, one click a role, and the way back to the clinic's own data.
import { h, loadStyle } from '../kernel/dom.js';
import { get, post } from '../api/client.js';
import { session } from '../api/session.js';
import { fmt, t } from '../i18n/index.js';
import { problemText } from '../i18n/problems.js';
import { button } from '../ui/button.js';
import { confirm, dialog } from '../ui/dialog.js';
import { toast } from '../ui/toast.js';

await loadStyle('overlay');

/** @typedef {import('../types/api.js').DemoSignIn} DemoSignIn */

/** @param {DemoSignIn} who */
const rolesOf = (who) => fmt.list(who.roles.map((role) => t(`role_${role}`)));

/** Whoever looks around wants to sit once at each place, not eight times at the same. @param {DemoSignIn[]} users */
const oneARole = (users) => users.filter((who, index) => users.findIndex((other) => other.roles.join() === who.roles.join()) === index);

/** @param {DemoSignIn} who */
async function enterAs({ email, password }) {
  try {
    if (session.peek()) await post('/api/auth/logout');
    await post('/api/auth/login', { email, password });
    location.assign('/agenda');
  } catch (error) {
    toast({ text: problemText(error) });
  }
}

/** @param {DemoSignIn[]} users */
export function demoDoors(users) {
  return h('ul', { class: 'demo-doors' }, oneARole(users).map((who) => h('li', null,
    h('span', null, h('strong', null, () => rolesOf(who)), h('small', null, who.email)),
    button({ label: () => t('demo_enter'), small: true, onClick: () => void enterAs(who), props: { 'aria-label': () => t('demo_enter_as', { role: rolesOf(who) }) } }))));
}

/** @returns {Promise<DemoSignIn[]>} */
export const demoUsers = async () => (await get('/api/setup')).demo_users;

export async function showSignIns() {
  try {
    const users = await demoUsers();
    const [first] = users;
    dialog({
      title: t('demo_sign_ins_title'), size: 'narrow',
      body: () => (first ? [h('p', { class: 'muted' }, t('demo_sign_ins_text', { password: first.password })), demoDoors(users)] : h('p', null, t('demo_sign_ins_elsewhere'))),
    });
  } catch (error) {
    toast({ text: problemText(error) });
  }
}

/** Said once, when the demonstration opens. */
export const offerSignIns = () => toast({ text: t('demo_entered'), action: { label: t('demo_sign_ins'), onClick: () => void showSignIns() }, ms: 12000 });

export async function leaveDemo() {
  if (!(await confirm({ title: t('demo_leave_title'), text: t('demo_leave_text'), action: t('demo_leave') }))) return;
  try {
    await post('/api/setup/demo/leave');
    location.assign('/');
  } catch (error) {
    toast({ text: problemText(error) });
  }
}
