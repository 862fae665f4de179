def push(task, job):
    task.apply_async(args=[job], countdown=90)
    raise task.retry(job)
