//! The small vocabulary of a Brazilian front desk.

/// How people found the clinic, by weight.
pub(super) const SOURCES: [(u32, &str); 5] =
    [(38, "whatsapp"), (16, "site"), (30, "referral"), (12, "walk_in"), (4, "other")];

/// What patients report to be allergic to.
#[rustfmt::skip]
pub(super) const ALLERGIES: [&str; 12] = [
    "Dipirona", "Penicilina", "AAS", "Ibuprofeno", "Látex", "Sulfa", "Iodo", "Frutos do mar", "Amendoim",
    "Leite", "Poeira", "Picada de abelha",
];

/// What they take.
#[rustfmt::skip]
pub(super) const MEDICINES: [&str; 12] = [
    "Losartana 50 mg", "Metformina 850 mg", "Levotiroxina 50 mcg", "Sinvastatina 20 mg",
    "Hidroclorotiazida 25 mg", "Omeprazol 20 mg", "Anticoncepcional oral", "Sertralina 50 mg",
    "Atenolol 25 mg", "Vitamina D 7.000 UI", "Enalapril 10 mg", "Insulina NPH",
];

/// What they do; forms that fit everybody.
#[rustfmt::skip]
pub(super) const PROFESSIONS: [&str; 27] = [
    "Docência", "Comércio", "Autônomo(a)", "Motorista", "Enfermagem", "Engenharia", "Contabilidade",
    "Advocacia", "Cozinha", "Construção civil", "Serviço público", "Vendas", "Segurança", "Cabeleireiro(a)",
    "Tecnologia da informação", "Administração", "Agricultura", "Serviços domésticos", "Costura", "Mecânica",
    "Jornalismo", "Estudante", "Arquitetura", "Logística", "Recepção", "Bancário(a)", "Do lar",
];

/// Remarks at registration.
#[rustfmt::skip]
pub(super) const REMARKS: [&str; 8] = [
    "Prefere contato por WhatsApp.",
    "Cadeirante: reservar sala térrea.",
    "Prefere horários pela manhã.",
    "Vem acompanhada da filha.",
    "Deficiência auditiva: falar de frente.",
    "Só pode após as 17h.",
    "Trazer exames anteriores.",
    "Pediu lembrete na véspera.",
];

/// Remarks on an appointment.
#[rustfmt::skip]
pub(super) const APPOINTMENT_NOTES: [&str; 8] = [
    "Trazer exames.",
    "Jejum de 8 horas.",
    "Confirmar por WhatsApp.",
    "Encaixe autorizado.",
    "Primeira vez na clínica.",
    "Vem com acompanhante.",
    "Renovar receita.",
    "Pediu nota fiscal.",
];

/// Why a patient cancels.
pub(super) const PATIENT_REASONS: [&str; 6] = [
    "Imprevisto no trabalho",
    "Está doente",
    "Problema de transporte",
    "Conflito de horário",
    "Já foi atendido em outro lugar",
    "Sem justificativa",
];

/// Why the clinic does.
pub(super) const CLINIC_REASONS: [&str; 4] =
    ["Profissional em emergência", "Falta de energia", "Equipamento em manutenção", "Profissional adoeceu"];
