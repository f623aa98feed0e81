// First step: a file is chosen, dropped or refused with the reason.
import { h, uid } from '../../../kernel/dom.js';
import { signal } from '../../../kernel/signal.js';
import { button } from '../../../ui/button.js';
import { icon } from '../../../ui/icon.js';
import { t } from '../person-words.js';
import { problemText } from './words.js';

const MODEL = '\ufeffnome;nome_social;data_nascimento;cpf;cns;telefone;whatsapp;email;nome_mae;cep;rua;numero;complemento;bairro;cidade;estado;observacoes\r\n' +
  'Ana Exemplo da Silva;;05/03/1980;529.982.247-25;;(11) 98765-4321;sim;ana@exemplo.com.br;Maria Exemplo;01310-100;Avenida Paulista;1000;;Bela Vista;São Paulo;SP;\r\n';

/** @param {import('./flow.js').Flow} flow */
export function fileStep(flow) {
  const over = signal(false);
  const hint = uid('hint');
  const input = h('input', { type: 'file', hidden: true, accept: '.csv,.txt,text/csv,text/plain', onChange: () => take(input.files) });
  /** @param {FileList | null | undefined} files */
  function take(files) {
    const [file] = files ?? [];
    if (file) void flow.choose(file);
    input.value = '';
  }
  const reading = () => flow.phase.value === 'reading';
  return h('div', { class: 'import-file' },
    h('div', {
      class: { 'drop-zone': true, over: () => over.value },
      onDragover: (/** @type {DragEvent} */ event) => {
        event.preventDefault();
        over.value = true;
      },
      onDragleave: () => (over.value = false),
      onDrop: (/** @type {DragEvent} */ event) => {
        event.preventDefault();
        over.value = false;
        take(event.dataTransfer?.files);
      },
    },
    icon('import', { size: 'large' }),
    h('p', { class: 'drop-title' }, () => (reading() ? t('import_reading', { name: flow.file.value?.name ?? '' }) : t('import_drop'))),
    input,
    button({ label: () => t('import_choose'), kind: 'primary', onClick: () => input.click(), disabled: reading, props: { 'aria-describedby': hint } }),
    h('p', { class: 'muted', id: hint }, () => t('import_file_hint')),
    button({ label: () => t('import_model'), kind: 'link', onClick: saveModel })),
    () => failureNote(flow));
}

function saveModel() {
  const href = URL.createObjectURL(new Blob([MODEL], { type: 'text/csv' }));
  const link = h('a', { href, download: 'pacientes-modelo.csv' });
  link.click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}

/** @param {string} code */
function failureText(code) {
  if (code === 'not_csv' || code === 'unsupported_media_type') return t('import_not_csv');
  if (code === 'empty_file') return t('import_empty_file');
  if (code === 'too_large') return t('import_too_large');
  if (code === 'offline') return t('import_offline');
  return t('import_error');
}

/** What refused the file, in words, with the lines that the server named. @param {import('./flow.js').Flow} flow */
export function failureNote(flow) {
  const failure = flow.failure.value;
  if (!failure) return null;
  const again = ['offline', 'busy', 'internal', 'too_many'].includes(failure.code);
  return h('div', { class: 'note bad', role: 'alert' }, icon('error'), h('div', null,
    h('p', null, failureText(failure.code)),
    failure.errors?.length ? h('ul', null, failure.errors.slice(0, 5).map((item) => h('li', null, `${t('import_col_line')} ${item.line}: ${problemText(item.code)}`))) : null,
    again && h('div', null, button({ label: () => t('retry'), small: true, onClick: () => void flow.retry() }))));
}
