// The clinic's identity, address, specialties and idle lock.
import { h } from '../../kernel/dom.js';
import { clinicPath, get, patch } from '../../api/client.js';
import { loadSession } from '../../api/session.js';
import { STATES } from '../../base/brazil.js';
import { area } from '../../i18n/index.js';
import { field } from '../../ui/field.js';
import { form } from '../../ui/form.js';
import { masks } from '../../ui/masks.js';
import { toast } from '../../ui/toast.js';
import { guarded, loaded } from './section.js';

const t = await area('settings');
const ZONES = ['America/Sao_Paulo', 'America/Araguaina', 'America/Bahia', 'America/Belem', 'America/Boa_Vista', 'America/Campo_Grande', 'America/Cuiaba', 'America/Eirunepe', 'America/Fortaleza', 'America/Maceio', 'America/Manaus', 'America/Noronha', 'America/Porto_Velho', 'America/Recife', 'America/Rio_Branco', 'America/Santarem'];

export function section() {
  return [h('p', { class: 'muted' }, () => t('clinic_sub')), loaded(() => get(clinicPath()), content)];
}

/** @param {any} clinic */
const shown = (clinic) => ({ ...clinic, specialties: (clinic.specialties ?? []).join('\n') });

/** @param {any} clinic @param {() => void} again */
function content(clinic, again) {
  let { version } = clinic;
  const values = shown(clinic);
  const filling = guarded(form({
    label: () => t('clinic'), body: [identity(values), address(values.address ?? {}), care(values)],
    stale: {
      reload: again,
      keep: async () => void ({ version } = await get(clinicPath())),
    },
    onSubmit: async ({ specialties, ...rest }) => {
      const list = String(specialties ?? '').split('\n').map((one) => one.trim()).filter(Boolean);
      const saved = await patch(clinicPath(), { ...rest, specialties: list }, version);
      version = saved.version;
      void loadSession();
      toast({ text: t('clinic_saved') });
    },
  }));
  return filling.node;
}

/** @param {any} values */
function identity(values) {
  return h('div', { class: 'settings-card form-box' }, h('h3', null, () => t('identity')), h('div', { class: 'cols' },
    field({ name: 'name', label: () => t('clinic_name'), value: values.name, props: { maxlength: 200, autocomplete: 'organization' } }),
    field({ name: 'phone', label: () => t('phone'), type: 'tel', optional: true, mask: masks.phone, value: values.phone, class: 'w6', props: { autocomplete: 'off' } }),
    field({ name: 'email', label: () => t('email'), type: 'email', optional: true, value: values.email, class: 'w6', props: { maxlength: 254, autocomplete: 'off' } }),
    field({ name: 'cnpj', label: () => t('cnpj'), optional: true, mask: masks.cnpj, value: values.cnpj, class: 'w6', props: { autocomplete: 'off' } }),
    field({ name: 'cnes', label: () => t('cnes'), optional: true, hint: () => t('cnes_hint'), value: values.cnes, class: 'w6', check: (text) => (/^\d{7}$/.test(text) ? null : 'invalid_cnes'), props: { inputmode: 'numeric', maxlength: 7, autocomplete: 'off' } })));
}

/** @param {any} values */
function address(values) {
  const part = (/** @type {'street' | 'number' | 'complement' | 'district' | 'city'} */ name, /** @type {string} */ width, /** @type {number} */ maxlength) =>
    field({ name: `address.${name}`, label: () => t(name), quiet: true, value: values[name], class: width, props: { maxlength, autocomplete: 'off' } });
  return h('div', { class: 'settings-card form-box' }, h('h3', null, () => t('address')), h('div', { class: 'cols' },
    field({ name: 'address.cep', label: () => t('cep'), quiet: true, mask: masks.cep, value: values.cep, class: 'w4', props: { autocomplete: 'off' } }),
    part('street', 'w8', 120), part('number', 'w4', 20), part('complement', 'w8', 80), part('district', 'w5', 80), part('city', 'w4', 80),
    field({ name: 'address.state', label: () => t('state'), type: 'select', quiet: true, emptyOption: '', value: values.state, class: 'w3', options: STATES.map((state) => ({ value: state, label: state })) })));
}

/** @param {any} values */
function care(values) {
  const zones = ZONES.includes(values.time_zone) ? ZONES : [values.time_zone, ...ZONES];
  return [
    h('div', { class: 'settings-card' }, h('h3', null, () => t('specialties')),
      field({ name: 'specialties', label: () => t('specialties'), type: 'textarea', quiet: true, hint: () => t('specialties_hint'), value: values.specialties, class: 'no-label', props: { rows: 6 } })),
    h('div', { class: 'settings-card form-box' }, h('h3', null, () => t('security')), h('div', { class: 'cols' },
      field({ name: 'idle_lock_min', label: () => t('idle_lock'), type: 'number', value: values.idle_lock_min, suffix: () => t('minutes'), class: 'w6', props: { min: 1, max: 240, step: 1 } }),
      field({ name: 'time_zone', label: () => t('time_zone'), type: 'select', value: values.time_zone, class: 'w6', options: zones.map((zone) => ({ value: zone, label: zone.replace('America/', '').replaceAll('_', ' ') })) }))),
  ];
}
