// One's own account: who one is here, the password, and how the program looks and behaves.
import { h } from '../../kernel/dom.js';
import { post } from '../../api/client.js';
import { user } from '../../api/session.js';
import { area, language } from '../../i18n/index.js';
import { avatar } from '../../ui/icon.js';
import { segments } from '../../ui/button.js';
import { checkbox, field } from '../../ui/field.js';
import { form } from '../../ui/form.js';
import { newPasswordField } from '../../ui/password.js';
import { toast } from '../../ui/toast.js';
import { prefer } from '../../shell/person.js';
import { guarded } from './section.js';

const t = await area('settings');

export function section() {
  return [h('p', { class: 'muted' }, () => t('account_sub')), h('div', { class: 'settings-body' }, who(), preferences(), password())];
}

function who() {
  const roles = () => (user.value?.roles ?? []).map((role) => t(/** @type {'role_owner'} */ (`role_${role}`))).join(', ');
  return h('div', { class: 'settings-card account-who' }, avatar({ name: () => user.value?.name ?? '', color: user.peek()?.is_professional ? user.peek()?.color : null, size: 'large' }),
    h('div', null, h('strong', null, () => user.value?.name), h('span', { class: 'row-line' }, () => user.value?.email), h('span', { class: 'row-line' }, roles)));
}

function preferences() {
  const line = (/** @type {'theme' | 'density' | 'language'} */ label, /** @type {Node} */ control) => h('div', { class: 'pref-line' }, h('span', { 'aria-hidden': 'true' }, () => t(label)), control);
  return h('div', { class: 'settings-card' }, h('h3', null, () => t('preferences')), h('p', { class: 'muted' }, () => t('preferences_hint')),
    line('theme', segments({
      label: () => t('theme'), value: () => user.value?.theme ?? 'system', onChange: (theme) => prefer({ theme: /** @type {any} */ (theme) }),
      options: [{ value: 'system', label: () => t('theme_system'), icon: 'contrast' }, { value: 'light', label: () => t('theme_light'), icon: 'sun' }, { value: 'dark', label: () => t('theme_dark'), icon: 'moon' }],
    })),
    line('density', segments({
      label: () => t('density'), value: () => user.value?.density ?? 'comfortable', onChange: (density) => prefer({ density: /** @type {any} */ (density) }),
      options: [{ value: 'comfortable', label: () => t('density_comfortable') }, { value: 'compact', label: () => t('density_compact') }],
    })),
    line('language', segments({
      label: () => t('language'), value: () => language.value, onChange: (next) => prefer({ language: /** @type {any} */ (next) }),
      options: [{ value: 'pt-BR', label: () => t('portuguese') }, { value: 'en', label: () => t('english') }],
    })),
    checkbox({ name: 'single_key_shortcuts', label: () => t('single_keys'), hint: () => t('single_keys_hint'), value: user.peek()?.single_key_shortcuts !== false, onInput: (on) => prefer({ single_key_shortcuts: on }) }));
}

function password() {
  const changing = guarded(form({
    label: () => t('change_password'), submit: () => t('change_password'),
    body: [
      h('input', { class: 'visually-hidden', type: 'email', autocomplete: 'username', value: user.peek()?.email ?? '', tabindex: '-1', 'aria-hidden': 'true', readonly: true }),
      field({ name: 'current_password', label: () => t('current_password'), type: 'password', props: { autocomplete: 'current-password' } }),
      newPasswordField({ name: 'new_password', label: () => t('new_password') }),
      h('p', { class: 'muted caption' }, () => t('password_hint_other')),
    ],
    onSubmit: async (values) => {
      await post('/api/auth/password', values);
      changing.setValues({ current_password: null, new_password: null });
      toast({ text: t('password_saved') });
    },
  }));
  return h('div', { class: 'settings-card narrow' }, h('h3', null, () => t('change_password')), changing.node);
}
