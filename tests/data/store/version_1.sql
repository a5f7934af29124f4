-- The tables as the first version of the program made them in SQLite, before there were migrations.
CREATE TABLE schema_version (
    version INTEGER NOT NULL,
    PRIMARY KEY (version)
);

CREATE TABLE cases (
    id VARCHAR NOT NULL,
    content_hash VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    created_at DATETIME NOT NULL,
    document TEXT,
    histories BLOB,
    PRIMARY KEY (id),
    UNIQUE (content_hash)
);

CREATE INDEX ix_cases_created_at ON cases (created_at);

CREATE TABLE jobs (
    id VARCHAR NOT NULL,
    case_id VARCHAR NOT NULL,
    state VARCHAR(9) NOT NULL,
    parameters JSON NOT NULL,
    idempotency_key VARCHAR,
    stop_requested BOOLEAN NOT NULL,
    progress JSON,
    problem JSON,
    created_at DATETIME NOT NULL,
    started_at DATETIME,
    finished_at DATETIME,
    PRIMARY KEY (id),
    FOREIGN KEY(case_id) REFERENCES cases (id),
    CONSTRAINT jobstate CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    UNIQUE (idempotency_key)
);

CREATE INDEX ix_jobs_state ON jobs (state);

CREATE INDEX ix_jobs_created_at ON jobs (created_at);

CREATE INDEX ix_jobs_case_id ON jobs (case_id);

CREATE TABLE plans (
    id VARCHAR NOT NULL,
    case_id VARCHAR NOT NULL,
    job_id VARCHAR NOT NULL,
    case_name VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    stop_reason VARCHAR NOT NULL,
    currency VARCHAR NOT NULL,
    cost_cents INTEGER NOT NULL,
    bound_cents INTEGER NOT NULL,
    gap DOUBLE NOT NULL,
    created_at DATETIME NOT NULL,
    seconds JSON NOT NULL,
    forecast TEXT,
    requirement TEXT,
    "plan" TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY(case_id) REFERENCES cases (id),
    UNIQUE (job_id),
    FOREIGN KEY(job_id) REFERENCES jobs (id)
);

CREATE INDEX ix_plans_case_id ON plans (case_id);

CREATE INDEX ix_plans_created_at ON plans (created_at);

INSERT INTO schema_version VALUES (1);
