namespace NeuralCapacitance.Api.Problems;

/// <summary>Every error that this service can answer with.</summary>
public static class ProblemTypes
{
    public static readonly ProblemType MalformedJson = new(
        "malformed-json", StatusCodes.Status400BadRequest, "The request body is not valid JSON",
        "`detail` names the line and column, and what is wrong there. Comments and trailing commas are not JSON; the text is UTF-8.");

    public static readonly ProblemType InvalidJobSpec = new(
        "invalid-job-spec", StatusCodes.Status400BadRequest, "The job spec cannot be run",
        "Every fault is listed in `errors` with its path, the value found, what is wrong and what would be accepted; of more than 50 the first ones, and `moreErrors` says so. Correct them all and submit again.");

    public static readonly ProblemType InvalidFinalization = new(
        "invalid-finalization", StatusCodes.Status400BadRequest, "The job cannot be finalized like this",
        "Every fault is listed in `errors` with its path, the value found, what is wrong and what would be accepted. An empty body takes every default.");

    public static readonly ProblemType InvalidParameter = new(
        "invalid-parameter", StatusCodes.Status400BadRequest, "A parameter has an unusable value",
        "Every fault is listed in `errors` with the parameter's name, the value found and what would be accepted.");

    public static readonly ProblemType BadRequest = new(
        "bad-request", StatusCodes.Status400BadRequest, "The request cannot be understood",
        "See `detail`.");

    public static readonly ProblemType AuthenticationRequired = new(
        "authentication-required", StatusCodes.Status401Unauthorized, "The service has to know who calls",
        "Send a key as `Authorization: Bearer KEY`, or sign in on the page. Who may `admin` makes keys.");

    public static readonly ProblemType NotPermitted = new(
        "not-permitted", StatusCodes.Status403Forbidden, "The caller may not do this",
        "`detail` says what it takes. Ask for a key of another role, or whoever owns it to do it.");

    public static readonly ProblemType TooManyFailures = new(
        "too-many-failures", StatusCodes.Status429TooManyRequests, "Too many wrong keys came from this address",
        "Wait for the time in the `Retry-After` header, and see that all clients there have the right key. Keys that were right before are taken meanwhile.");

    public static readonly ProblemType IssuerUnavailable = new(
        "issuer-unavailable", StatusCodes.Status503ServiceUnavailable, "The issuer of tokens cannot be reached",
        "The service cannot check tokens until the issuer answers. Keys are taken meanwhile.");

    public static readonly ProblemType InvalidKey = new(
        "invalid-key", StatusCodes.Status400BadRequest, "The key cannot be made like this",
        "Every fault is listed in `errors` with its path, the value found, what is wrong and what would be accepted.");

    public static readonly ProblemType KeyNotFound = new(
        "key-not-found", StatusCodes.Status404NotFound, "There is no such key",
        "It never existed or was revoked. GET /api/v1/keys lists all.");

    public static readonly ProblemType KeyExists = new(
        "key-exists", StatusCodes.Status409Conflict, "Another key has this name",
        "Choose another name, or rotate or revoke the key that has it.");

    public static readonly ProblemType CrossSiteRequest = new(
        "cross-site-request", StatusCodes.Status403Forbidden, "A page of another site may not change anything here",
        "Use the service's own page, or a client that is no browser. Behind a proxy, see that it passes the `Host` header on.");

    public static readonly ProblemType HostNotAllowed = new(
        "host-not-allowed", StatusCodes.Status400BadRequest, "The service does not go by this host name",
        "Use a name that `detail` gives, or let the operator add this one to `AllowedHosts`. A proxy passes the name on that the client used.");

    public static readonly ProblemType NotFound = new(
        "not-found", StatusCodes.Status404NotFound, "There is nothing at this address",
        "Check the path; /swagger lists every route.");

    public static readonly ProblemType JobNotFound = new(
        "job-not-found", StatusCodes.Status404NotFound, "There is no such job",
        "The job never existed or was deleted. GET /api/v1/jobs lists those that exist.");

    public static readonly ProblemType InvalidArchive = new(
        "invalid-archive", StatusCodes.Status400BadRequest, "The archive holds no usable data set",
        "Every fault is listed in `errors`: the entry, what is wrong with it and what would be accepted. Nothing was kept.");

    public static readonly ProblemType DatasetNotFound = new(
        "dataset-not-found", StatusCodes.Status404NotFound, "There is no such data set",
        "GET /api/v1/datasets lists those that exist.");

    public static readonly ProblemType WorkerNotFound = new(
        "worker-not-found", StatusCodes.Status404NotFound, "There is no such worker",
        "GET /api/v1/workers lists those that there are.");

    public static readonly ProblemType MethodNotAllowed = new(
        "method-not-allowed", StatusCodes.Status405MethodNotAllowed, "This address does not take this method",
        "The `Allow` header names the methods that it takes.");

    public static readonly ProblemType JobStillActive = new(
        "job-still-active", StatusCodes.Status409Conflict, "The job has not ended",
        "Cancel the job, wait until its state is `cancelled`, then delete it.");

    public static readonly ProblemType JobNotFinished = new(
        "job-not-finished", StatusCodes.Status409Conflict, "The job has not ended, so it has no winner yet",
        "Wait until the job's state is `succeeded`, then finalize it; or ask for it beforehand, with `selection.finalize` in the job spec.");

    public static readonly ProblemType JobCancelled = new(
        "job-cancelled", StatusCodes.Status409Conflict, "The job was cancelled, so it has no winner",
        "Submit the job again and let it end.");

    public static readonly ProblemType NotASelection = new(
        "not-a-selection", StatusCodes.Status409Conflict, "The job is a finalization itself",
        "Finalize the job in its `finalizes` again, with other settings.");

    public static readonly ProblemType NobodyRanked = new(
        "nobody-ranked", StatusCodes.Status409Conflict, "The ranking has no first candidate",
        "`detail` says why each is not ranked. Name a `candidate`, or another `predictor`.");

    public static readonly ProblemType CandidateFailed = new(
        "candidate-failed", StatusCodes.Status409Conflict, "The candidate failed in the selection",
        "It would fail again. Name another candidate, or correct what `detail` says in a new job.");

    public static readonly ProblemType FinalizationActive = new(
        "finalization-active", StatusCodes.Status409Conflict, "A finalization of the job is at work already",
        "`finalization` is where it is. Wait for it, or cancel it.");

    public static readonly ProblemType NoModel = new(
        "no-model", StatusCodes.Status404NotFound, "The job has no model",
        "POST /api/v1/jobs/{id}/finalize trains one.");

    public static readonly ProblemType NothingToPlot = new(
        "nothing-to-plot", StatusCodes.Status404NotFound, "The job has nothing to draw in this plot",
        "`detail` says what it lacks; ask again when that is there.");

    public static readonly ProblemType ModelNotReady = new(
        "model-not-ready", StatusCodes.Status409Conflict, "The model is still being trained",
        "Ask again when the finalization's state is `succeeded`.");

    public static readonly ProblemType ModelFileMissing = new(
        "model-file-missing", StatusCodes.Status404NotFound, "The model's file is not on this node",
        "`detail` names it. Nodes and workers share one `Storage:Root`; if the file is lost, finalize the job again.");

    public static readonly ProblemType InvalidWebhooks = new(
        "invalid-webhooks", StatusCodes.Status400BadRequest, "These receivers cannot be notified",
        "Every fault is listed in `errors` with its path, the value found, what is wrong and what would be accepted.");

    public static readonly ProblemType DeliveryNotFound = new(
        "delivery-not-found", StatusCodes.Status404NotFound, "The job has no such delivery",
        "GET /api/v1/jobs/{id}/deliveries lists those that it has. They are kept for a month, or as long as Retention:DeliveryAge says.");

    public static readonly ProblemType SecretUnreadable = new(
        "secret-unreadable", StatusCodes.Status409Conflict, "The webhook secret cannot be read on this node",
        "Nodes that serve HTTP share one Storage:Root. If its folder `session-keys` is lost, POST /api/v1/webhooks/rotate makes a new secret.");

    public static readonly ProblemType DatasetExists = new(
        "dataset-exists", StatusCodes.Status409Conflict, "Another data set has this name",
        "Choose another name, or delete the uploaded one first. The same archive under the same name is accepted again.");

    public static readonly ProblemType DatasetInUse = new(
        "dataset-in-use", StatusCodes.Status409Conflict, "A job that has not ended uses the data set",
        "Wait for the jobs that `detail` names, or cancel them.");

    public static readonly ProblemType DatasetNotUploaded = new(
        "dataset-not-uploaded", StatusCodes.Status409Conflict, "The data set was not uploaded",
        "It is generated, or lies in a data root of the service's operator: who put it there can remove it.");

    public static readonly ProblemType DatasetUnusable = new(
        "dataset-unusable", StatusCodes.Status409Conflict, "The data set cannot be read",
        "`detail` names what is wrong with it, a damaged file for one. GET /api/v1/datasets/{name} tells more.");

    public static readonly ProblemType BodyTooLarge = new(
        "body-too-large", StatusCodes.Status413PayloadTooLarge, "The request body is too large",
        "`detail` says how much is accepted. A job spec names data and weights; it does not carry them.");

    public static readonly ProblemType UnsupportedMediaType = new(
        "unsupported-media-type", StatusCodes.Status415UnsupportedMediaType, "The request body has the wrong media type",
        "`detail` says what to send, and how.");

    public static readonly ProblemType IdempotencyConflict = new(
        "idempotency-conflict", StatusCodes.Status422UnprocessableEntity, "The Idempotency-Key was used with another request",
        "Send the same body again to get the job that the key made, or choose a new key.");

    public static readonly ProblemType Internal = new(
        "internal-error", StatusCodes.Status500InternalServerError, "Something went wrong in the service",
        "This is a defect. The log has the details under the `traceId`.");

    public static readonly ProblemType DatabaseUnavailable = new(
        "database-unavailable", StatusCodes.Status503ServiceUnavailable, "The database cannot be reached",
        "Nothing was lost. Try again after the time in the `Retry-After` header.");

    public static readonly ProblemType TooManyFollowers = new(
        "too-many-followers", StatusCodes.Status503ServiceUnavailable, "As many follow events as may at once",
        "Try again after the time in the `Retry-After` header, or poll the job with `If-None-Match`.");

    public static readonly ProblemType TooManyUploads = new(
        "too-many-uploads", StatusCodes.Status503ServiceUnavailable, "As many uploads are under way as may at once",
        "Nothing was kept. Try again after the time in the `Retry-After` header.");

    public static readonly ProblemType BodyTooSlow = new(
        "body-too-slow", StatusCodes.Status408RequestTimeout, "The request body comes too slowly",
        "Nothing was kept. `detail` says how fast it has to come, and by when. Send it from nearer, or send less.");

    public static readonly ProblemType RateLimited = new(
        "rate-limited", StatusCodes.Status429TooManyRequests, "Too many requests",
        "Try again after the time in the `Retry-After` header, and look less often: `limit` is how many a minute are answered, `setting` where the operator says so.");

    public static readonly ProblemType QuotaExceeded = new(
        "quota-exceeded", StatusCodes.Status429TooManyRequests, "The caller has as much as it may have",
        "`detail` says what is too much, `limit` how much may be had, `setting` where the operator says so. With `Retry-After` it passes when something ends or is deleted; without, ask for less.");

    public static readonly ProblemType PredictionsBusy = new(
        "predictions-busy", StatusCodes.Status503ServiceUnavailable, "Too many rankings are being computed",
        "Try again after the time in the `Retry-After` header. A ranking that was computed once is answered from memory; `Ranking:Predictions` and `Ranking:MaxWaiting` say how many are computed at once.");

    public static readonly ProblemType InsufficientStorage = new(
        "insufficient-storage", StatusCodes.Status507InsufficientStorage, "There is no room on the disk",
        "Nothing was kept. Delete data sets or jobs that are not needed, or tell the service's operator.");

    public static IReadOnlyList<ProblemType> All { get; } =
    [
        MalformedJson, InvalidJobSpec, InvalidFinalization, InvalidParameter, BadRequest, InvalidArchive, AuthenticationRequired, NotPermitted,
        TooManyFailures, IssuerUnavailable, InvalidKey, KeyNotFound, KeyExists, CrossSiteRequest, HostNotAllowed, NotFound, JobNotFound, DatasetNotFound, WorkerNotFound, MethodNotAllowed,
        JobStillActive, JobNotFinished, JobCancelled, NotASelection, NobodyRanked, CandidateFailed, FinalizationActive, NoModel, NothingToPlot, ModelNotReady,
        ModelFileMissing, InvalidWebhooks, DeliveryNotFound, SecretUnreadable, DatasetExists, DatasetInUse, DatasetNotUploaded, DatasetUnusable, BodyTooLarge, UnsupportedMediaType,
        IdempotencyConflict, Internal, BodyTooSlow, DatabaseUnavailable, PredictionsBusy, TooManyFollowers, TooManyUploads, InsufficientStorage, RateLimited, QuotaExceeded,
    ];

    /// <summary>The type for an error that the framework answers by status alone.</summary>
    public static ProblemType ForStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => AuthenticationRequired,
        StatusCodes.Status403Forbidden => NotPermitted,
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status405MethodNotAllowed => MethodNotAllowed,
        StatusCodes.Status408RequestTimeout => BodyTooSlow,
        StatusCodes.Status413PayloadTooLarge => BodyTooLarge,
        StatusCodes.Status415UnsupportedMediaType => UnsupportedMediaType,
        >= 400 and < 500 => BadRequest with { Status = status },
        _ => Internal with { Status = status },
    };
}
