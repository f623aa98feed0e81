// Signing in, and taking up an invitation with its one-time code.
import { h, loadStyle } from '../../kernel/dom.js';
import { computed, signal } from '../../kernel/signal.js';
import { get, post } from '../../api/client.js';
import { loadSession, signIn } from '../../api/session.js';
import { area } from '../../i18n/index.js';
import { field } from '../../ui/field.js';
import { form } from '../../ui/form.js';
import { newPasswordField } from '../../ui/password.js';
import { plainFrame } from '../../shell/plain.js';
import { waitNode } from './wait.js';

const t = await area('setup');
await loadStyle('entry');

/** @param {import('../../router.js').Context} ctx @returns {import('../../router.js').View} */
export function view(ctx) {
  const invited = computed(() => ctx.query.value.has('invite'));
  const email = signal(ctx.query.peek().get('email') ?? '');
  const demo = signal(/** @type {Node | null} */ (null));
  void demoEntry().then((made) => (demo.value = made), () => {});
  const node = plainFrame(h('div', { class: 'entry' }, () => (invited.value ? accept(email) : login(email)), () => !invited.value && demo.value));
  return { node, title: () => t(invited.value ? 'accept_title' : 'sign_in_title') };
}

/** Who signed out of the demonstration gets back in by one click. @returns {Promise<Node | null>} */
async function demoEntry() {
  const { demo_users: users } = await get('/api/setup');
  if (!users.length) return null;
  const { demoDoors } = await import('../../shell/demo.js');
  return h('section', { class: 'entry-demo' }, h('h2', null, () => t('demo_sign_ins_title')), demoDoors(users));
}

/** What is typed in one form is still there in the other. @param {import('../../kernel/signal.js').Signal<string>} email */
const emailField = (email) => field({
  name: 'email', label: () => t('email'), type: 'email', value: email.peek(), onInput: (value) => (email.value = value ?? ''),
  props: { autocomplete: 'username', autocapitalize: 'off', spellcheck: 'false', autofocus: !email.peek(), maxlength: 254 },
});

/** @param {import('../../kernel/signal.js').Signal<string>} email */
function login(email) {
  const entering = form({
    label: () => t('sign_in_title'), submit: () => t('sign_in'),
    body: [emailField(email), field({ name: 'password', label: () => t('password'), type: 'password', props: { autocomplete: 'current-password' } })],
    onSubmit: ({ email: address, password }) => signIn({ email: address, password }),
    explain: (error) => (error.code === 'too_many' ? waitNode(error.problem.retry_after ?? 60) : null),
  });
  return [head('sign_in_title', 'sign_in_sub'), entering.node, h('p', { class: 'entry-foot' }, () => t('forgot')), other('have_code', '/login?invite=1')];
}

/** @param {import('../../kernel/signal.js').Signal<string>} email */
function accept(email) {
  const accepting = form({
    label: () => t('accept_title'), submit: () => t('accept'),
    body: [emailField(email),
      field({ name: 'code', label: () => t('code'), hint: () => t('code_hint'), props: { autocomplete: 'one-time-code', autocapitalize: 'characters', spellcheck: 'false', maxlength: 12, class: 'input code-input' } }),
      newPasswordField({ label: () => t('new_password') })],
    onSubmit: async ({ email: address, code, password }) => {
      await post('/api/auth/accept-invite', { email: address, code: code.toUpperCase(), password });
      await loadSession();
    },
    explain: (error) => (error.code === 'wrong_credentials' || error.code === 'gone' ? t('code_wrong') : error.code === 'too_many' ? waitNode(error.problem.retry_after ?? 60) : null),
  });
  return [head('accept_title', 'accept_sub'), accepting.node, other('have_password', '/login')];
}

/** @param {'sign_in_title' | 'accept_title'} title @param {'sign_in_sub' | 'accept_sub'} sub */
const head = (title, sub) => h('header', null, h('h1', null, () => t(title)), h('p', { class: 'muted' }, () => t(sub)));

/** @param {'have_code' | 'have_password'} label @param {string} href */
const other = (label, href) => h('p', { class: 'entry-other' }, h('a', { href, class: 'button link' }, () => t(label)));
