//! The fixed lists of a contact.
use crate::choices;

choices! {
    /// Sex at birth, as in the public health system's register.
    Sex {
        /// Female.
        Female = "female",
        /// Male.
        Male = "male",
        /// Neither by the usual marks.
        Intersex = "intersex",
        /// Asked and not known.
        Unknown = "unknown",
    }
}

choices! {
    /// How far someone has come as a patient.
    #[derive(Default)]
    Status {
        /// Asked, and has not been here.
        Lead = "lead",
        /// A patient.
        #[default]
        Active = "active",
        /// A patient with a course of treatment under way.
        InTreatment = "in_treatment",
        /// Comes no more.
        Inactive = "inactive",
    }
}

choices! {
    /// How soon the desk should see to them.
    #[derive(Default)]
    Priority {
        /// When there is time.
        Low = "low",
        /// In turn.
        #[default]
        Normal = "normal",
        /// Before others.
        High = "high",
        /// At once.
        Urgent = "urgent",
    }
}

choices! {
    /// Where they came from.
    #[derive(Default)]
    Source {
        /// Wrote on WhatsApp.
        Whatsapp = "whatsapp",
        /// The clinic's site.
        Site = "site",
        /// Someone sent them.
        Referral = "referral",
        /// A file brought in.
        Import = "import",
        /// Came through the door.
        WalkIn = "walk_in",
        /// Anything else, and not asked.
        #[default]
        Other = "other",
    }
}
