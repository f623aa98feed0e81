// The first run: two doors, then three short steps, then the agenda.
import { h, loadStyle, replace } from '../../kernel/dom.js';
import { onDispose, scope, signal } from '../../kernel/signal.js';
import { get, post } from '../../api/client.js';
import { loadSession, session } from '../../api/session.js';
import { area } from '../../i18n/index.js';
import { problemText } from '../../i18n/problems.js';
import { icon } from '../../ui/icon.js';
import { toast } from '../../ui/toast.js';
import { message } from '../../shell/message.js';
import { plainFrame } from '../../shell/plain.js';
import { stepClinic } from './step-clinic.js';
import { stepHours } from './step-hours.js';
import { stepRecovery } from './step-recovery.js';
import { restoring } from './restore.js';

const t = await area('setup');
await loadStyle('entry');

/** @typedef {'doors' | 'clinic' | 'hours' | 'recovery' | 'restore'} Step */
/** @typedef {{ recoveryCode: string, go: (step: Step) => void, finish: () => void, signIn: () => void }} Wizard */

/** @param {import('../../router.js').Context} ctx @returns {import('../../router.js').View} */
export function view(ctx) {
  const step = signal(/** @type {Step} */ ('doors'));
  const host = h('div', { class: 'setup' });
  /** @type {any} */
  let state = null;
  let ending = () => {};
  /** @type {Wizard} */
  const wizard = { recoveryCode: '', go: show, finish, signIn: () => void ctx.navigate('/login', { replace: true }) };

  /** @param {Step} next */
  function show(next) {
    ending();
    const made = scope(() => parts(next, state, wizard), { detached: true });
    ending = made.dispose;
    step.value = next;
    replace(host, made.value);
    const title = host.querySelector('h1');
    if (next !== 'doors' && title instanceof HTMLElement) title.focus();
    window.scrollTo(0, 0);
  }
  function finish() {
    wizard.recoveryCode = '';
    void ctx.navigate('/agenda', { replace: true });
  }
  void doorState().then((answer) => {
    state = answer;
    if (state?.needs_setup) show('doors');
    else if (state) void ctx.navigate(session.peek() ? '/agenda' : '/login', { replace: true });
    else replace(host, message('view_failed', () => location.reload()));
  });
  warnBeforeLoss(wizard);
  return { node: plainFrame(host), title: () => (step.value === 'doors' ? t('welcome') : step.value === 'restore' ? t('door_restore') : t(stepTitle(step.value))), dispose: () => ending() };
}

/** Null when the server did not answer. */
const doorState = () => (session.peek() ? Promise.resolve({ needs_setup: false }) : get('/api/setup').catch(() => null));

/** The code is shown once, at the last step: closing the page before would lose it for good. @param {Wizard} wizard */
function warnBeforeLoss(wizard) {
  const warn = (/** @type {Event} */ event) => wizard.recoveryCode && event.preventDefault();
  window.addEventListener('beforeunload', warn);
  onDispose(() => window.removeEventListener('beforeunload', warn));
}

/** @param {Step} step @returns {'step1' | 'step2' | 'step3'} */
const stepTitle = (step) => (step === 'recovery' ? 'step3' : step === 'hours' ? 'step2' : 'step1');

/** @param {Step} step @param {any} state @param {Wizard} wizard @returns {import('../../kernel/dom.js').Child} */
function parts(step, state, wizard) {
  if (step === 'doors') return state.loopback ? doors(state, wizard) : notHere();
  if (step === 'restore') return restoring(wizard);
  const number = { clinic: 1, hours: 2, recovery: 3 }[step];
  const title = stepTitle(step);
  const body = { clinic: stepClinic, hours: stepHours, recovery: stepRecovery }[step](wizard);
  return [
    h('header', { class: 'setup-head' },
      h('div', { class: 'steps' }, [1, 2, 3].map((one) => h('i', { class: one <= number ? 'on' : undefined, 'aria-hidden': 'true' })), h('span', null, () => t('step', { n: number }))),
      h('h1', { tabindex: '-1' }, () => t(title)), h('p', null, () => t(/** @type {'step1_sub'} */ (`${title}_sub`)))),
    body,
  ];
}

/** @param {any} state @param {Wizard} wizard */
function doors(state, wizard) {
  const busy = signal(false);
  const startDemo = async () => {
    if (busy.peek()) return;
    busy.value = true;
    try {
      await post('/api/setup/demo', {});
      await loadSession();
      wizard.finish();
      void import('../../shell/demo.js').then((module) => module.offerSignIns(), () => {});
    } catch (error) {
      toast({ text: problemText(error) });
    } finally {
      busy.value = false;
    }
  };
  return [
    h('header', { class: 'setup-head' }, h('h1', null, () => t('welcome')), h('p', null, () => t('welcome_sub'))),
    h('div', { class: 'doors' },
      door({ name: 'door_start', icon: 'building', main: true, onClick: () => wizard.go('clinic') }),
      state.demo_available && door({ name: 'door_demo', icon: 'sparkle', busy: () => busy.value, onClick: () => void startDemo() }),
      door({ name: 'door_restore', icon: 'disk', wide: true, onClick: () => wizard.go('restore') })),
  ];
}

/** @param {{ name: 'door_start' | 'door_demo' | 'door_restore', icon: string, main?: boolean, wide?: boolean, busy?: () => boolean, onClick: () => void }} options */
function door({ name, icon: sign, main, wide, busy = () => false, onClick }) {
  return h('button', { type: 'button', class: ['door', main && 'main', wide && 'wide'], onClick, 'aria-busy': () => (busy() ? 'true' : null) }, icon(sign),
    h('strong', null, () => t(name)), h('span', { class: 'muted' }, () => t(busy() ? 'door_demo_busy' : /** @type {'door_start_text'} */ (`${name}_text`))));
}

const notHere = () => h('header', { class: 'setup-head' }, h('h1', null, () => t('loopback_title')), h('p', null, () => t('loopback_text')));
